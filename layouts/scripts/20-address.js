ready(() => {
  // The address as it is cited: hosts serve the folder, files on disk need the name.
  if (location.protocol.startsWith("http") && location.pathname.endsWith("/index.html")) {
    history.replaceState(history.state, "", location.pathname.slice(0, -10) + location.search + location.hash);
  }
});

ready(() => {
  // A post that moved: the refresh of the page alone would lose which one was meant.
  const asked = [...new URLSearchParams(location.search)];
  const way = [...document.querySelectorAll(".kept li[data-query], .kept li[data-fragment]")].find((li) =>
    (!li.dataset.fragment || "#" + li.dataset.fragment === decodeURIComponent(location.hash)) &&
    [...new URLSearchParams(li.dataset.query || "")].every(([key, value]) => asked.some((each) => each[0] === key && each[1] === value)));
  const moved = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)))?.closest(".kept li");
  const link = (way || moved || null)?.querySelector("a");
  if (link) location.replace(link.href);
});
