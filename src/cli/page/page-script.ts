/**
 * What the page does: pan and zoom, details of what is clicked, the switch of colours. It reads the page's data and never
 * makes markup of it.
 */
export const script: string = String.raw`
"use strict"
const data = JSON.parse(document.getElementById("data").textContent)
const stage = document.getElementById("stage")
const drawing = document.getElementById("drawing")
const [width, height] = [Number(drawing.dataset.width), Number(drawing.dataset.height)]

// The part of the drawing that is seen: its middle, and pixels for a unit of the drawing.
let view = { x: width / 2, y: height / 2, scale: 1 }
let printing = false
const show = () => {
  if (printing) return drawing.setAttribute("viewBox", [0, 0, width, height].join(" "))
  const { clientWidth, clientHeight } = stage
  const [w, h] = [clientWidth / view.scale, clientHeight / view.scale]
  drawing.setAttribute("viewBox", [view.x - w / 2, view.y - h / 2, w, h].join(" "))
}
const clamped = (value, least, most) => Math.min(most, Math.max(least, value))
const fitting = () => Math.min(stage.clientWidth / width, stage.clientHeight / height)
const fit = () => {
  view = { x: width / 2, y: height / 2, scale: Math.min(1.25, fitting()) }
  show()
}
/** As it opens: whole where that can be read, else from its top. */
const begin = () => {
  const scale = Math.min(1.1, fitting())
  if (scale >= 0.62) return fit()
  const wide = clamped(stage.clientWidth / width, 0.62, 1)
  const first = drawing.querySelector("g.box").getBBox()
  view = { x: first.x + first.width / 2, y: stage.clientHeight / wide / 2, scale: wide }
  show()
}
const pan = (dx, dy) => {
  view = { ...view, x: clamped(view.x - dx / view.scale, 0, width), y: clamped(view.y - dy / view.scale, 0, height) }
  show()
}
/** Zooms so that what is under a point of the screen stays there. */
const zoom = (by, clientX, clientY) => {
  const box = stage.getBoundingClientRect()
  const [dx, dy] = clientX === undefined ? [0, 0] : [clientX - box.left - box.width / 2, clientY - box.top - box.height / 2]
  const scale = clamped(view.scale * by, Math.min(0.05, fitting()), 8)
  view = { x: view.x + dx / view.scale - dx / scale, y: view.y + dy / view.scale - dy / scale, scale }
  show()
}

const fingers = new Map()
let travelled = 0
stage.addEventListener("pointerdown", (event) => {
  if (event.button !== 0) return
  fingers.set(event.pointerId, event)
  if (fingers.size === 1) travelled = 0
})
window.addEventListener("pointermove", (event) => {
  const before = fingers.get(event.pointerId)
  if (before === undefined) return
  travelled += Math.abs(event.clientX - before.clientX) + Math.abs(event.clientY - before.clientY)
  const other = [...fingers.values()].find(({ pointerId }) => pointerId !== event.pointerId)
  fingers.set(event.pointerId, event)
  if (other === undefined) return pan(event.clientX - before.clientX, event.clientY - before.clientY)
  const apart = (one) => Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY)
  pan((event.clientX - before.clientX) / 2, (event.clientY - before.clientY) / 2)
  zoom(apart(event) / Math.max(1, apart(before)), (event.clientX + other.clientX) / 2, (event.clientY + other.clientY) / 2)
})
for (const end of ["pointerup", "pointercancel"]) window.addEventListener(end, (event) => fingers.delete(event.pointerId))
stage.addEventListener("wheel", (event) => {
  event.preventDefault()
  const unit = event.deltaMode === 1 ? 16 : event.deltaMode === 2 ? 400 : 1
  zoom(Math.exp(-clamped(event.deltaY * unit, -240, 240) / 400), event.clientX, event.clientY)
}, { passive: false })

const keys = {
  ArrowLeft: () => pan(60, 0), ArrowRight: () => pan(-60, 0), ArrowUp: () => pan(0, 60), ArrowDown: () => pan(0, -60),
  "+": () => zoom(1.25), "=": () => zoom(1.25), "-": () => zoom(0.8), 0: fit, Escape: () => choose(undefined),
}
stage.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return
  const box = event.target.closest("g.open")
  if (box !== null && (event.key === "Enter" || event.key === " ")) choose(box.dataset.path, box)
  else if (Object.hasOwn(keys, event.key)) keys[event.key]()
  else return
  event.preventDefault()
})
for (const [id, act] of [["in", () => zoom(1.25)], ["out", () => zoom(0.8)], ["fit", fit]]) {
  document.getElementById("zoom-" + id).addEventListener("click", act)
}

const made = (name, text, kind) => {
  const element = document.createElement(name)
  if (text !== undefined) element.textContent = text
  if (kind !== undefined) element.className = kind
  return element
}
/** Short facts in a table, long ones below it. */
const facts = (all) => {
  const table = made("dl")
  const out = [table]
  for (const { label, text, code } of all) {
    if (code) out.push(made("p", label, "label"), made("pre", text))
    else table.append(made("dt", label), made("dd", text))
  }
  return out
}
/** The lines of the outline of a place, with those that stand under them. */
const toldOf = (path) => {
  const told = []
  let depth = Infinity
  for (const line of data.outline) {
    if (line.path === path && path !== "") depth = Math.min(depth, line.level)
    else if (line.level <= depth) depth = Infinity
    if (depth < Infinity) told.push({ ...line, level: line.level - depth })
  }
  return told
}

/** The places that a box is drawn for. */
const pathsOf = (one) => [one.dataset.path, ...(one.dataset.also === undefined ? [] : JSON.parse(one.dataset.also))]

const details = document.getElementById("details")
const empty = [...details.childNodes]
function choose(path, by) {
  const paths = by?.matches("g") ? pathsOf(by) : [path]
  for (const one of document.querySelectorAll(".chosen")) one.classList.remove("chosen")
  const alike = [...document.querySelectorAll("[data-path]")].filter((one) => pathsOf(one).some((of) => paths.includes(of)))
  for (const one of alike) one.classList.add("chosen")
  details.classList.toggle("empty", path === undefined)
  if (path === undefined) return details.replaceChildren(...empty)
  const told = paths.flatMap(toldOf)
  const detail = Object.hasOwn(data.details, path) ? data.details[path] : {}
  const box = alike.find((one) => one.matches("g"))
  const close = made("button", "close")
  close.addEventListener("click", () => choose(undefined))
  const top = made("div", undefined, "top")
  top.append(made("h3", by?.getAttribute("aria-label") ?? box?.getAttribute("aria-label") ?? told[0]?.text ?? "the flow"), close)
  const lines = told.map((line) => {
    const element = made("div", line.text)
    element.style.paddingLeft = line.level * 14 + "px"
    return element
  })
  const says = made("div", undefined, "told")
  says.append(...lines)
  const where = [{ label: "path", text: path === "" ? "the flow as a whole" : path }]
  if (detail.place !== undefined) where.push({ label: "written at", text: data.file + ", " + detail.place })
  details.replaceChildren(made("h2", "Chosen"), top, says, ...facts(where))
  if (detail.source !== undefined) details.append(...facts([{ label: "as it is written", text: detail.source, code: true }]))
  if (detail.own?.length > 0) details.append(made("h2", "Here instead of the agent's own"), ...facts(detail.own))
  if (detail.agent !== undefined) {
    const known = Object.hasOwn(data.agents, detail.agent) ? data.agents[detail.agent] : []
    details.append(made("h2", "Agent " + detail.agent), ...facts(known))
  }
  details.parentElement.scrollTop = 0
  if (by !== undefined && by.matches("g") || box === undefined) return
  const { x, y, width: w, height: h } = box.getBBox()
  view = { ...view, x: x + w / 2, y: y + h / 2 }
  show()
}
stage.addEventListener("click", (event) => {
  if (travelled > 5 || event.target.closest("#tools") !== null) return
  const box = event.target.closest("g.open")
  choose(box?.dataset.path, box ?? undefined)
})
for (const line of document.querySelectorAll("#outline li.open")) {
  line.addEventListener("click", () => choose(line.dataset.path, line))
  line.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== " ") return
    event.preventDefault()
    choose(line.dataset.path, line)
  })
}
// A box that the keyboard has come to is brought into sight.
stage.addEventListener("focusin", (event) => {
  const box = event.target.closest("g.open")
  if (box === null || !box.matches(":focus-visible")) return
  const { x, y, width: w, height: h } = box.getBBox()
  const [seenX, seenY] = [stage.clientWidth / view.scale / 2, stage.clientHeight / view.scale / 2]
  if (Math.abs(x + w / 2 - view.x) > seenX - 20 || Math.abs(y + h / 2 - view.y) > seenY - 20) {
    view = { ...view, x: x + w / 2, y: y + h / 2 }
    show()
  }
  stage.scrollTo(0, 0)
})

const theme = document.getElementById("theme")
const themes = ["as the system", "light", "dark"]
const kept = () => { try { return localStorage.getItem("troupe-theme") } catch { return null } }
const paint = (name) => {
  if (name === "light" || name === "dark") document.documentElement.dataset.theme = name
  else delete document.documentElement.dataset.theme
  theme.textContent = "colours: " + (themes.includes(name) ? name : themes[0])
}
let now = kept() ?? themes[0]
theme.addEventListener("click", () => {
  now = themes[(themes.indexOf(now) + 1) % themes.length]
  try { localStorage.setItem("troupe-theme", now) } catch { /* a page from disk may keep nothing */ }
  paint(now)
})
paint(now)

window.addEventListener("resize", show)
for (const when of ["beforeprint", "afterprint"]) {
  window.addEventListener(when, () => {
    printing = when === "beforeprint"
    show()
  })
}
begin()
document.documentElement.dataset.ready = ""
`
