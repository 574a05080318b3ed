// The same posts in the order of time: the button has that order, the articles are the page's own.
ready((posts) => {
  const button = document.querySelector("button[data-act=time]");
  if (!button) return;
  const section = document.querySelector("section.posts");
  // The last comes first, so that each is put before what is there already: posts may be between boxes.
  const places = posts.map((post) => [post, post.parentElement, post.nextElementSibling]).reverse();
  const arrange = (timely) => {
    section.classList.toggle("timely", timely);
    const here = walk.current(), focused = document.activeElement;
    walk.posts = timely
      ? button.dataset.order.split(" ").map((id) => document.getElementById(id))
      : posts;
    if (timely) section.append(...walk.posts); else for (const [post, list, next] of places) list.insertBefore(post, next);
    // What is moved loses the focus.
    if (focused !== document.activeElement) focused.focus({ preventScroll: true });
    walk.changed();
    button.setAttribute("aria-pressed", String(timely));
    if (here && scrollY > 400) here.scrollIntoView();
  };
  buttons.time = () => {
    const timely = !section.classList.contains("timely");
    view.write("order", timely ? "time" : "");
    arrange(timely);
    announce(timely ? _("In order of time") : _("In order of replies"));
  };
  const asked = () => { if ((view.read("order") === "time") !== section.classList.contains("timely")) arrange(view.read("order") === "time"); };
  addEventListener("hashchange", () => { if (/^#(?:show|order)=|^$/.test(location.hash)) asked(); });
  asked();
});
