// Says what it has stored. It fails at the first meeting with the title "made up".
let failures = 0;

module.exports = async (user, meeting) => {
  if (meeting.title === "made up" && ++failures === 1) throw new Error("The database is down.");
  console.log(`${user} ${meeting.title}`);
};
