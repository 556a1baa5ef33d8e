// The sign-in survives the way to Fathom and back, and ends with the tab.
const key = "harbour.jwt";
const attackKey = "harbour.attack";

export const session = {
  get token() { return sessionStorage.getItem(key); },

  /** Who signs in here is signed in at the stand-in Fathom as the same person: it reads this cookie. */
  begin(token, user) {
    sessionStorage.setItem(key, token);
    document.cookie = `fathom_account=${user}; path=/; SameSite=Lax`;
  },

  end() { sessionStorage.removeItem(key); },

  /** Whether /attack was begun in this tab. */
  get isAttacked() { return sessionStorage.getItem(attackKey) !== null; },
  set isAttacked(begun) {
    if (begun) sessionStorage.setItem(attackKey, "begun");
    else sessionStorage.removeItem(attackKey);
  },
};
