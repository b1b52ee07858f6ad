"""What the parts of a web page are for: the goods, other goods, reviews, or the site itself."""

import re
from typing import Any

OTHER_GOODS = "an advert for other goods"  # as in domain.evidence, which would load pydantic
REVIEW = "a customer's review"  # likewise

_BOILERPLATE_TAGS = frozenset(
    """
    script style noscript template svg canvas iframe object embed applet audio video map nav button
    input textarea datalist dialog head meta link
    """.split()  # noqa: SIM905
)
_BOILERPLATE_ROLES = frozenset(
    "navigation banner contentinfo search dialog alertdialog menu menubar toolbar status".split()  # noqa: SIM905
)
_WORD = re.compile(r"[a-z]+|[A-Z][a-z]*|\d+")
_BOILERPLATE = re.compile(
    r"(?<![a-z])(?:nav|navbar|navigation|menu|submenu|megamenu|breadcrumbs?|crumbs?|cookies?"
    r"|consent|gdpr|newsletter|subscribe|signup|login|footer|foot|sidebar|social|share|sharing|pager"
    r"|pagination|popup|modal|overlay|toolbar|topbar|skip link|chat widget|site header"
    r"|page header|site nav|back to top|copyright|announcement|search form|searchbar)(?![a-z])"
)
_OTHERS = re.compile(
    r"(?<![a-z])(?:related|recommend(?:s|ed|ations?)?|upsells?|cross sells?|also like|also bought"
    r"|also viewed|similar|you may|recently viewed|product carousel|other products|more products"
    r"|suggestions?|sponsored|adverts?|ads?|advertisement|banner ad|tuijian|guess like)(?![a-z])"
)
_REVIEWS = re.compile(
    r"(?<![a-z])(?:reviews?|comments?|testimonials?|ratings?|ugc|customer feedback|disqus|pinglun"
    r"|evaluate)(?![a-z])"
)
_OTHERS_TITLE = re.compile(
    r"(?:you (?:may|might|could|will|'ll) also (?:like|love|need|want)|(?:customers|people|others) "
    r"(?:also|who)\b.*|related (?:products?|items?)|similar (?:products?|items?)"
    r"|frequently bought together|recently viewed|(?:recommended|picked|chosen|more) (?:for|from) "
    r".*|pairs (?:well )?with|complete (?:the|your) .*|goes (?:well )?with|best ?sellers"
    r"|trending (?:now|products)|new arrivals|sponsored(?: products?)?|more like this|other .* "
    r"(?:bought|liked|viewed)|shop the look"
    r"|猜你喜欢|看了又看|店铺推荐|相关推荐|为你推荐|为您推荐|掌柜推荐|热销推荐|热卖推荐|大家都在买|搭配推荐|搭配购买|更多商品|更多推荐|浏览记录|最近浏览|同类商品|同类推荐|宝贝推荐|相似商品"
    r"|相关商品|本店热销|店铺热销|热门推荐|买了.*还买了?|看了.*还看了?|人气单品|爆款推荐|新品推荐|好物推荐|推荐商品|商品推荐)[:：!！…\s]*",
    re.I,
)
_REVIEWS_TITLE = re.compile(
    r"(?:(?:customer|product|verified|latest|buyer) )?(?:reviews?|ratings?|testimonials|comments)"
    r"(?: ?\(?[\d,.]+[k+]?\)?| & ratings)?"
    r"|what (?:people|customers|our .*|buyers|others) (?:say|are saying|think)\b.*"
    r"|questions? (?:and|&) answers?|(?:宝贝|商品|用户|买家|累计|全部|顾客)?"
    r"(?:评价|评论|晒单|晒图)(?:\s?[(（]?[\d万+.,]+[)）]?)?|买家秀|问大家|大家问"
    r"|网友评论|发表评论",
    re.I,
)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_TAB = re.compile(
    r"(?<![a-z])(?:tabs?|tabpanel|pane|panel|accordion|collapse|collapsible|details?)(?![a-z])"
)
_PRICE = re.compile(r"(?:[$€£¥￥]|USD|EUR|GBP|CNY|RMB)\s?\d|\d\s?(?:元|€|USD|EUR|GBP)")
_HEADINGS = frozenset(["h1", "h2", "h3", "h4", "h5", "h6"])
_CONTAINERS = frozenset(["section", "div", "aside", "ul", "ol", "article", "table", "details"])
_LINKS = 0.8
_MENU = 3
_SHORTEST_MAIN = 100  # characters; less is a title and not the page
_SITE_FORM = ".//input[@type='email' or @type='password' or @type='search']"


class Parts:
    """Judges the elements of one page."""

    def __init__(self, root: Any) -> None:  # noqa: ANN401 (lxml is untyped)
        title = next(iter(root.iter("h1")), None)
        self._of_title = set() if title is None else {title, *title.iterancestors()}
        products = root.xpath("//*[contains(@itemtype, 'schema.org/Product')]")
        if products:
            self._of_title |= {products[0], *products[0].iterancestors()}
        self._of_title |= set(root.xpath("//main|//*[@role='main']|//body"))
        self._aside: dict[Any, str] = {}
        for heading in root.iter(*_HEADINGS, "dt", "p", "div", "span"):
            self._judge_title(heading)
        self._judge_cards(root)

    def aside(self, element: Any) -> str | None:  # noqa: ANN401
        """Why the element is about something else than the goods, None where it is not."""
        if element in self._aside:
            return self._aside[element]
        if element in self._of_title:
            return None
        name = _name(element)
        if _OTHERS.search(name):
            return OTHER_GOODS
        item = element.get("itemtype") or ""
        return REVIEW if _REVIEWS.search(name) or "schema.org/Review" in item else None

    def is_boilerplate(self, element: Any) -> bool:  # noqa: ANN401
        """Navigation, footers, dialogs, forms of the site, hidden parts and the like."""
        if element.tag in _BOILERPLATE_TAGS:
            return True
        if _is_hidden(element):
            return True
        if element in self._of_title:
            return False
        if element.tag == "footer" or (element.get("role") or "") in _BOILERPLATE_ROLES:
            return True
        if element.tag == "header" and not any(
            a.tag in ("main", "article") for a in element.iterancestors()
        ):
            return True
        if element.tag == "form" and element.xpath(_SITE_FORM):
            return True
        return _BOILERPLATE.search(_name(element)) is not None or _is_menu(element)

    def _judge_title(self, heading: Any) -> None:  # noqa: ANN401
        """Sets aside the part that a title such as `You may also like` stands above."""
        if heading.tag not in _HEADINGS and len(heading) > 0:
            return
        text = " ".join("".join(heading.itertext()).split()) if len(heading) < 4 else ""
        if not text or len(text) > 60:
            return
        others = _OTHERS_TITLE.fullmatch(text)
        if not others and not _REVIEWS_TITLE.fullmatch(text):
            return
        if heading.tag not in _HEADINGS and next(heading.getparent().iter("a"), None) is None:
            return
        reason = OTHER_GOODS if others else REVIEW
        self._aside[heading] = reason
        part = heading
        while (parent := part.getparent()) is not None and parent not in self._of_title:
            siblings = [s for s in parent if s is not part and s.tag in _HEADINGS]
            if parent.tag not in _CONTAINERS and parent.tag != "header":
                break
            if siblings and part is not heading:
                break
            part = parent
        if part is not heading:
            self._aside[part] = reason
            return
        for sibling in heading.itersiblings():
            if sibling.tag in _HEADINGS and sibling.tag <= heading.tag:
                break
            if sibling in self._of_title:
                break
            self._aside[sibling] = reason

    def _judge_cards(self, root: Any) -> None:  # noqa: ANN401
        """Sets aside what holds two or more cards alike, each with a link and a price."""
        for box in root.iter("ul", "ol", "div", "section"):
            if box in self._of_title or len(box) < 2 or len(box) > 200:
                continue
            cards = [card for card in box if isinstance(card.tag, str)]
            shapes = {(card.tag, card.get("class")) for card in cards}
            if len(cards) < 2 or len(shapes) > 2:
                continue
            if sum(_is_card(card) for card in cards) >= max(2, len(cards) - 1):
                self._aside[box] = OTHER_GOODS


def find_main(root: Any) -> Any | None:  # noqa: ANN401
    """The element that holds what the page is about, None on a page that does not tell.

    It is `<main>`, a schema.org product, an article, or the widest part around the only first
    heading that leaves the site's own parts out.
    """
    for path in (
        "//main",
        "//*[@role='main']",
        "//*[contains(@itemtype, 'schema.org/Product')]",
        "//article[.//h1]",
    ):
        found = root.xpath(path)
        if len(found) == 1:
            return found[0]
    titles = list(root.iter("h1"))
    if len(titles) != 1:
        return None
    main = None
    for ancestor in titles[0].iterancestors():
        if ancestor.tag in ("body", "html") or ancestor.xpath(".//nav|.//footer"):
            break
        main = ancestor
    return main if main is not None and len(_text_of(main)) >= _SHORTEST_MAIN else None


def _name(element: Any) -> str:  # noqa: ANN401
    """Its class and id as words: `relatedProducts` and `related-products` alike."""
    raw = f"{element.get('class') or ''} {element.get('id') or ''}"[:400]
    return " ".join(word.lower() for word in _WORD.findall(raw))


def _is_hidden(element: Any) -> bool:  # noqa: ANN401
    hidden = (
        element.get("hidden") is not None
        or element.get("aria-hidden") == "true"
        or _HIDDEN.search((element.get("style") or "")[:2000]) is not None
    )
    return hidden and element.get("role") != "tabpanel" and not _TAB.search(_name(element))


def _is_menu(element: Any) -> bool:  # noqa: ANN401
    """A list of links, as most of the text of a menu is."""
    if element.tag not in ("ul", "ol", "div", "p", "section", "aside", "td"):
        return False
    links = list(element.iter("a"))
    if len(links) < _MENU or len(links) > 500:
        return False
    text = len(_text_of(element))
    linked = sum(len(_text_of(link)) for link in links)
    return text > 0 and linked >= _LINKS * text and not _PRICE.search(_text_of(element))


def _is_card(element: Any) -> bool:  # noqa: ANN401
    link = element if element.tag == "a" else next(element.iter("a"), None)
    return link is not None and len(text := _text_of(element)) < 400 and bool(_PRICE.search(text))


def _text_of(element: Any) -> str:  # noqa: ANN401
    return " ".join("".join(element.itertext()).split())
