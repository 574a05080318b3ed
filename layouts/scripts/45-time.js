// The same posts in the order of time: the button has that order, the articles are the page's own.
ready((posts) => {
  const button = document.querySelector("button[data-act=time]");
  if (!button) return;
  const section = document.querySelector("section.posts");
  const places = new Map(posts.map((post) => [post, post.parentElement]));
  const arrange = (timely) => {
    section.classList.toggle("timely", timely);
    const here = walk.current();
    walk.posts = timely
      ? button.dataset.order.split(" ").map((id) => document.getElementById(id))
      : posts;
    for (const post of walk.posts) (timely ? section : places.get(post)).append(post);
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
