// Drag a card to another day of its row. Everything here can be done without it: a card's own page lists the days.
(() => {
  const opened = new Set();
  const place = (cell) => `${cell.closest("tr").dataset.row} ${cell.dataset.day}`;

  const arm = () => {
    const board = document.getElementById("board");
    if (!board) return;
    document.querySelectorAll(".js").forEach((each) => { each.hidden = false; });
    board.querySelectorAll("td[data-day]").forEach((cell) => {
      const details = cell.querySelector("details");
      if (details && opened.has(place(cell))) details.open = true;
    });
    board.querySelectorAll("li[data-requests]").forEach((card) => { card.draggable = true; });
  };

  const show = async (address) => {
    const answer = await fetch(address, { headers: { accept: "text/html" }, credentials: "same-origin" });
    const read = new DOMParser().parseFromString(await answer.text(), "text/html");
    const next = read.getElementById("plan");
    if (!answer.ok || !next) { location.assign(address); return; }
    document.getElementById("plan").replaceWith(next);
    history.pushState({ board: true }, "", address);
    arm();
    const told = document.querySelector(".changes h2");
    if (told) { told.tabIndex = -1; told.focus({ preventScroll: true }); }
  };

  let held = null;
  const target = (event) => {
    const cell = event.target.closest && event.target.closest("td[data-day]");
    return cell && held && cell.closest("tr") === held.row && cell !== held.cell ? cell : null;
  };

  document.addEventListener("toggle", (event) => {
    const cell = event.target.closest && event.target.closest("td[data-day]");
    if (cell) opened[event.target.open ? "add" : "delete"](place(cell));
  }, true);
  document.addEventListener("dragstart", (event) => {
    const card = event.target.closest && event.target.closest("li[data-requests]");
    if (!card) return;
    held = { card, cell: card.closest("td"), row: card.closest("tr") };
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", card.textContent.trim());
    held.row.classList.add("dropping");
  });
  document.addEventListener("dragover", (event) => {
    const cell = target(event);
    document.querySelectorAll("td.over").forEach((each) => { if (each !== cell) each.classList.remove("over"); });
    if (cell) { event.preventDefault(); cell.classList.add("over"); }
  });
  document.addEventListener("dragend", () => {
    if (held) held.row.classList.remove("dropping");
    document.querySelectorAll("td.over").forEach((each) => each.classList.remove("over"));
    held = null;
  });
  document.addEventListener("drop", (event) => {
    const cell = target(event);
    if (!cell) return;
    event.preventDefault();
    const address = new URL(document.getElementById("board").dataset.base, location.href);
    held.card.dataset.requests.split(",").forEach((id) => {
      address.searchParams.append("move", `${id}@${cell.dataset.day}`);
    });
    opened.add(place(cell));
    show(address.pathname + address.search);
  });
  addEventListener("popstate", () => location.reload());
  arm();
})();
