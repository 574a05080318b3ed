function permalinks() {
  for (const link of document.querySelectorAll("a.permalink")) {
    link.addEventListener("click", () => {
      const address = new URL(link.getAttribute("href"), document.querySelector("link[rel=canonical]")?.href || location.href).href;
      navigator.clipboard?.writeText(address).then(() => say(_("Permalink copied")), () => {});
    });
  }
}

ready(permalinks);
