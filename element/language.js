// The one of these languages that serves a tag such as de-AT; undefined if none does. The program decides the
// same way what it shows: `serving` in core/src/texts/mod.rs. The build puts this into the scripts that name it.
function languageOf(tag, languages) {
  const subtagsOf = (tag) => tag.toLowerCase().split(/[-_].(?:[-_]|$)/)[0].split(/[-_]/);
  // For Chinese the script follows from the region if the tag does not name it.
  const scriptOf = ([language, ...more]) => {
    const named = more.find((subtag) => /^[a-z]{4}$/.test(subtag));
    if (named || language !== "zh") return named;
    return more.some((subtag) => ["hk", "mo", "tw"].includes(subtag)) ? "hant" : "hans";
  };
  const wanted = subtagsOf(tag);
  return languages.find((language) => {
    const known = subtagsOf(language);
    const script = scriptOf(known);
    return known[0] === wanted[0] && (!script || script === scriptOf(wanted));
  });
}
