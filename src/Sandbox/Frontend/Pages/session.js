// The sign-in survives the way to Fathom and back, and ends with the tab.
const key = "harbour.jwt";

export const session = {
  get token() { return sessionStorage.getItem(key); },
  begin(token) { sessionStorage.setItem(key, token); },
  end() { sessionStorage.removeItem(key); },
};
