// Notes in the margin begin beside the line that calls them; none is over another, since each is below the one before.
ready((posts) => {
  const noted = posts.filter((post) => post.querySelector(":scope > .notes"));
  if (!noted.length) return;
  const align = () => {
    for (const post of noted) for (const note of post.querySelectorAll(":scope > .notes li")) note.style.marginTop = "";
    const tasks = noted.filter((post) => getComputedStyle(post).display === "grid").map((post) => {
      const list = post.querySelector(":scope > .notes ol");
      const top = list.getBoundingClientRect().top;
      return [...list.children].map((note) => {
        const call = post.querySelector(`.body a[href="#${CSS.escape(note.id)}"]`);
        return [note, call ? call.getBoundingClientRect().top - top : 0, note.getBoundingClientRect().height];
      });
    });
    for (const notes of tasks) {
      let bottom = 0;
      for (const [note, wanted, height] of notes) {
        const gap = Math.max(0, wanted - bottom);
        note.style.marginTop = `${gap}px`;
        bottom += gap + height;
      }
    }
  };
  align();
  document.fonts?.ready.then(align);
  addEventListener("resize", () => { clearTimeout(align.timer); align.timer = setTimeout(align, 150); });
});
