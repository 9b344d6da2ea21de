"""Every stop of the Tab key on every template: seen, in view, not covered, large enough, and the way ends."""

import pytest

pytestmark = pytest.mark.django_db(transaction=True)
MOST_STOPS = 400
SMALLEST = 24
#: What has the focus and how one sees it; the focus is taken away for a moment to compare.
STOP = """smallest => {
  const stop = document.activeElement;
  if (!stop || stop === document.body || stop === document.documentElement) return null;
  const look = (part, pseudo) => {
    const style = getComputedStyle(part, pseudo);
    return [style.outlineStyle, style.outlineWidth, style.outlineColor, style.boxShadow, style.backgroundColor,
            style.color, style.borderColor, style.textDecoration].join();
  };
  const looks = () => [stop, stop.parentElement, stop.firstElementChild].filter(Boolean)
    .map((part) => look(part) + look(part, "::before") + look(part, "::after")).join();
  const box = stop.getBoundingClientRect();
  const isInView = box.width > 0 && box.bottom > 0 && box.right > 0 && box.top < innerHeight && box.left < innerWidth;
  const points = [0.1, 0.5, 0.9].flatMap((x) => [0.2, 0.5, 0.8].map((y) => document.elementFromPoint(
    Math.min(Math.max(box.left + box.width * x, 0), innerWidth - 1),
    Math.min(Math.max(box.top + box.height * y, 0), innerHeight - 1))));
  const isFree = points.some((part) => part && (stop.contains(part) || part.contains(stop)
    || part.closest("label")?.control === stop));
  const isInText = getComputedStyle(stop).display === "inline"
    && stop.parentElement.textContent.trim().length > stop.textContent.trim().length + 10;
  const focused = looks();
  stop.blur();
  const isSeen = focused !== looks();
  stop.focus({preventScroll: true, focusVisible: true});
  window.stops ??= new Map();
  const known = window.stops.get(stop);
  if (known === undefined) window.stops.set(stop, window.stops.size);
  return {name: `${stop.localName} ${(stop.textContent || stop.name || "").trim().slice(0, 40)}`, known,
          isSeen, isInView, isFree, isLarge: isInText || Math.min(box.width, box.height) >= smallest};
}"""


def walk(page) -> list[dict]:
    """Every stop from the top of the page until the browser has the focus again, or a stop comes back."""
    stops = []
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        stop = page.evaluate(STOP, SMALLEST)
        if stop is None:
            return stops
        stops.append(stop)
        if stop["known"] is not None:
            return stops
    return stops


@pytest.mark.parametrize("width", [320, 1280])
def test_each_stop_is_seen_and_the_way_goes_on(open_page, addresses, width):
    page, wrong, count = open_page(width=width, height=800), [], 0

    for name, address in {**addresses, "404": "/bestaat-niet/"}.items():
        page.goto(address)
        stops = walk(page)
        count += len(stops)
        wrong += [
            f"{name}: {stop['name']}: not {quality}"
            for stop in stops
            for quality in ("isSeen", "isInView", "isFree", "isLarge")
            if not stop[quality]
        ]
        if stops[-1]["known"] not in (None, 0):
            wrong.append(f"{name}: {stops[-1]['name']} holds the focus")

    assert wrong == []
    assert count > 20 * len(addresses)
