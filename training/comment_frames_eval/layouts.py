# ruff: noqa: ANN001, ANN201, ANN202, D103, RUF005, RUF059
"""Eight ways in which live rooms show their comments."""

import draw
from draw import WHITE, put, rrect, shorten, text, width
from ui import Comment

TITLES = {
    "zh": {
        "clothes": ["云柔针织开衫女春秋外搭", "高腰直筒牛仔裤显瘦", "纯棉圆领短袖T恤"],
        "beauty": ["山茶保湿修护精华30ml", "氨基酸洁面乳120g", "丝绒雾面口红"],
        "food": ["每日坚果混合果仁30包", "手工麻辣牛肉干", "低糖全麦饼干整箱"],
        "tech": ["主动降噪蓝牙耳机", "20000毫安移动电源", "静音桌面小风扇"],
    },
    "en": {
        "clothes": ["Ribbed Knit Cardigan", "High-Rise Straight Jeans", "Boxy Cotton Tee"],
        "beauty": ["Camellia Repair Serum 30ml", "Velvet Matte Lipstick", "Oat Cleansing Milk"],
        "food": ["Daily Nut Mix 30 packs", "Spicy Mango Slices", "Oat Cookies Family Box"],
        "tech": ["Noise Cancelling Earbuds", "20,000 mAh Power Bank", "Quiet Desk Fan"],
    },
    "es": {
        "clothes": ["Cárdigan de punto suave", "Jeans rectos tiro alto"],
        "beauty": ["Sérum reparador 30 ml", "Labial mate terciopelo"],
        "food": ["Mix de nueces 30 bolsas", "Mango picante"],
        "tech": ["Audífonos con cancelación", "Batería portátil 20000"],
    },
    "tw": {
        "clothes": ["軟糯針織外套 三色", "高腰直筒牛仔褲"],
        "beauty": ["山茶花保濕精華30ml", "絲絨霧面唇膏"],
        "food": ["每日綜合堅果30包", "手工麻辣牛肉乾"],
        "tech": ["主動降噪藍牙耳機", "20000mAh 行動電源"],
    },
}
HOSTS = {
    "zh": ["暖暖的衣橱", "老郑选好物", "阿茶美妆间", "零食铺子小七", "数码阿凯", "禾木生活馆"],
    "en": ["LunaCloset", "The Deal Barn", "glowwithkat", "SnackAttack", "TechTom", "home.by.ida"],
    "tw": ["小晴選物", "阿姨的店", "mimi 美妝間", "好日子雜貨"],
    "es": ["ModaSofi", "La Tiendita MX", "belleza.ana", "TecnoRuiz"],
}
GIFTS = {
    "zh": ["玫瑰", "小心心", "棒棒糖", "啤酒", "加油鸭"],
    "en": ["Rose", "Finger Heart", "Ice Cream", "GG"],
    "es": ["Rosa", "Corazón", "Helado"],
}


def price(sc):
    n = sc.rng.choice([19, 29, 39, 49, 59, 79, 99, 129, 159])
    if sc.lang == "zh":
        sign = "$" if sc.deck.variant == "tw" else "¥"
        return f"{sign}{n}.9", f"{sign}{n * 2}"
    if sc.lang == "en":
        return f"${n}.99", f"${n * 2}.00"
    return f"${n * 10}", f"${n * 19}"


def title(sc):
    return sc.rng.choice(TITLES[sc.deck.variant][sc.theme])


def viewers(sc):
    n = sc.rng.randrange(120, 98000)
    if sc.lang == "zh":
        return f"{n / 10000:.1f}万" if n > 10000 else str(n)
    return f"{n / 1000:.1f}K" if n > 1000 else str(n)


def header(sc, follow, accent, y=44.0, sub=None, live=False):
    s = sc.s
    host = sc.deck.host = sc.rng.choice(HOSTS[sc.deck.variant])
    if sc.h / sc.w > 1.9:
        sc.label(
            26 * s,
            14 * s,
            f"{sc.rng.randrange(8, 23)}:{sc.rng.randrange(10, 60)}",
            13,
            WHITE,
            True,
            0.4,
        )
        y += 4
    else:
        y -= 26
    f = sc.f(13, True)
    sub = (
        sub
        if sub is not None
        else sc.say(
            "3.2萬個讚" if sc.deck.variant == "tw" else "本场点赞 3.2万",
            ["12.4K likes", "@shop"],
            "8.1K me gusta",
        )
    )
    bw = width(follow, sc.f(12, True)) + 18 * s
    w = max(width(host, f), width(sub, sc.f(10))) + bw + 58 * s
    x0, y0 = 10 * s, y * s
    rrect(sc.img, (x0, y0, x0 + w, y0 + 38 * s), 19 * s, (0, 0, 0, 80))
    put(sc.img, draw.avatar(sc.rng, 32 * s), x0 + 3 * s, y0 + 3 * s)
    b = sc.label(x0 + 40 * s, y0 + 3 * s, host, 13, WHITE, True)
    sc.other("host", host, b)
    sc.label(x0 + 40 * s, y0 + 21 * s, sub, 10, (255, 255, 255, 200))
    rrect(
        sc.img,
        (x0 + w - bw - 6 * s, y0 + 6 * s, x0 + w - 6 * s, y0 + 32 * s),
        13 * s,
        accent + (255,),
    )
    text(sc.img, x0 + w - bw + 3 * s, y0 + 23.5 * s, follow, sc.f(12, True))
    sc.other("header", f"{sub} {follow}", (x0, y0, x0 + w, y0 + 38 * s))
    n = viewers(sc)
    nb = sc.pill(sc.w - 36 * s, y0 + 8 * s, n, 11.5, (0, 0, 0, 90), kind="header", right=True)
    if live:
        nb = sc.pill(
            nb[0] - 6 * s,
            y0 + 8 * s,
            "LIVE",
            11,
            (237, 40, 80, 255),
            WHITE,
            True,
            "header",
            True,
            4,
        )
    x = nb[0] - 32 * s
    for _ in range(3):
        if x < x0 + w + 2 * s:
            break
        put(sc.img, draw.avatar(sc.rng, 27 * s), x, y0 + 6 * s)
        x -= 31 * s
    sc.label(sc.w - 27 * s, y0 + 8 * s, "×", 18, WHITE, False, 0.4)
    return y0 + 42 * s


def chips(sc, y, words):
    x = 10 * sc.s
    for t in words:
        b = sc.pill(x, y, t, 10.5, (0, 0, 0, 80), kind="header")
        x = b[2] + 6 * sc.s


def bottom_gift(sc, area_top, area_bottom):
    """Where a gift goes: above the list, or over it when the frame is to be hard."""
    if "gift_overlap" in sc.hard:
        return area_top + (area_bottom - area_top) * sc.rng.uniform(0.2, 0.5)
    return area_top - (50 + sc.rng.randrange(12)) * sc.s


def host_badge(sc):
    return (
        [sc.badge(sc.say("主播", "Host", "Host"), (254, 44, 85), pt=9)] if sc.deck.by_host else []
    )


def feed(sc, make_comment, specials, every=4, limit=99):
    """Newest first: comments with a notice now and then."""
    turn = sc.rng.randrange(1, every + 1)

    def nxt(n):
        if n >= limit:
            return None
        if n == turn and specials:
            return specials.pop(0)()
        return make_comment()

    return nxt


def tiktok(sc):
    s, rng = sc.s, sc.rng
    y = header(sc, sc.say(["關注", "追蹤"], ["Follow", "+ Follow"], "Seguir"), (254, 44, 85))
    chips(
        sc,
        y + 4 * s,
        sc.say(
            [["帶貨榜", "探索更多"]],
            [["Daily Ranking", "Explore"], ["Popular LIVE", "Shop"]],
            [["Ranking diario", "Explorar"]],
        ),
    )
    st = {
        "pt": 14,
        "pt_name": 12.5,
        "avatar": 28,
        "ink": WHITE,
        "ink_name": (214, 214, 216, 255),
        "shadow": 0.75,
        "bold_name": rng.random() < 0.5,
    }
    bar = sc.h - (50 if sc.h / sc.w < 1.9 else 74) * s
    card_h = 74 * s
    card_top = bar - card_h - 12 * s
    p, old = price(sc)
    wide = rng.random() < 0.6
    bottom = card_top - 10 * s if wide else bar - 12 * s
    top = sc.h * rng.uniform(0.46, 0.56)
    room = sc.w * rng.uniform(0.64, 0.7)

    def badges():
        if sc.deck.by_host:
            return host_badge(sc)
        out = []
        if rng.random() < 0.35:
            n = rng.randrange(1, 38)
            c = [(88, 160, 240), (120, 110, 240), (236, 160, 60)][min(2, n // 13)]
            out.append(sc.badge(f"{n}", c, pt=9))
        if rng.random() < 0.15:
            out.append(
                sc.badge(
                    sc.say("新粉", ["New", "No. 2", "Mod"], ["Nuevo", "Mod"]), (250, 80, 110), pt=9
                )
            )
        return out

    def join():
        t = sc.say(
            " 加入了",
            [" joined", " followed the host", " shared the LIVE"],
            [" se unió", " siguió al anfitrión"],
        )
        return sc.notice(
            [(sc.deck.name(), (220, 220, 220, 255)), (t, (190, 225, 255, 255))],
            {"pt": 13, "shadow": 0.7},
            "join",
            room,
        )

    def bought():
        t = sc.say(
            "有 3 人正在購買",
            ["3 people are buying", "18 sold in the last hour"],
            "5 personas comprando",
        )
        return sc.notice(
            [(t, (255, 255, 255, 255))],
            {"pt": 12.5, "bubble": (255, 140, 60, 170), "radius": 10, "pad": (8, 3)},
            "banner",
            room,
        )

    sc.stack(
        feed(sc, lambda: sc.stacked(sc.deck.next(), st, room, badges()), [join, bought, join]),
        12 * s,
        top,
        bottom,
        7.5,
    )
    if rng.random() < 0.6 or "gift_overlap" in sc.hard:
        g = rng.choice(GIFTS[sc.lang])
        sc.gift(
            12 * s,
            bottom_gift(sc, top, bottom),
            sc.deck.name(),
            sc.say(f"送出 {g}", f"sent {g}", f"envió {g}"),
            rng.randrange(1, 40),
        )
    if wide:
        sc.card(
            (12 * s, card_top, sc.w * 0.74, card_top + card_h),
            title(sc),
            p,
            sc.say("去購買", ["Buy", "Shop now"], "Comprar"),
            (254, 44, 85),
            old,
        )
    else:
        sc.card(
            (sc.w - 118 * s, bar - 186 * s, sc.w - 10 * s, bar - 12 * s),
            title(sc),
            p,
            sc.say("去購買", "Buy", "Comprar"),
            (254, 44, 85),
            side=False,
        )
    sc.input_bar(
        sc.say(["說點什麼…", "新增留言…"], ["Add comment...", "Type..."], "Agregar comentario..."),
        bar,
        12 * s,
        sc.w * 0.5,
        4,
    )
    sc.hearts(sc.w - 34 * s, bar - 20 * s, sc.h * 0.6)


def douyin(sc):
    s, rng = sc.s, sc.rng
    y = header(sc, sc.say("关注", "Follow", "Seguir"), (254, 44, 85))
    chips(
        sc,
        y + 3 * s,
        sc.say(
            [["带货总榜 第12名", "更多直播 >"], ["服饰榜 TOP 8", "小时榜"]],
            [["Hourly #12", "More >"]],
            [["Top"]],
        ),
    )
    inks = [(140, 231, 255, 255), (255, 217, 138, 255), (186, 214, 255, 255)]
    st = {
        "pt": 13.8,
        "ink": WHITE,
        "bubble": (0, 0, 0, rng.randrange(60, 96)),
        "radius": 12,
        "pad": (8, 4.5),
        "sep": "：" if sc.lang == "zh" else ": ",
        "shadow": 0.25,
        "bold_name": False,
    }
    bar = sc.h - (48 if sc.h / sc.w < 1.9 else 70) * s
    bottom, top = bar - rng.randrange(10, 46) * s, sc.h * rng.uniform(0.5, 0.58)
    room = sc.w * rng.uniform(0.61, 0.66)
    one = rng.choice(inks)

    def badges():
        if sc.deck.by_host:
            return host_badge(sc)
        out = []
        if rng.random() < 0.5:
            n = rng.randrange(1, 52)
            a, b = rng.choice(
                [
                    ((84, 130, 240), (120, 190, 255)),
                    ((160, 90, 230), (220, 120, 250)),
                    ((240, 150, 50), (255, 200, 90)),
                ]
            )
            out.append(sc.badge(f"♢{n}" if sc.face != "wqy" else f"{n}", a, b, pt=9.5))
        if rng.random() < 0.2:
            out.append(
                sc.badge(
                    rng.choice(["暖家人", "好物团", "小茶包", "铁粉"]) + f" {rng.randrange(3, 18)}",
                    (230, 80, 120),
                    (250, 140, 120),
                    pt=9.5,
                )
            )
        return out

    def comment():
        st["ink_name"] = one if rng.random() < 0.7 else rng.choice(inks)
        return sc.inline(sc.deck.next(), st, room, badges())

    def join():
        return sc.notice(
            [
                (sc.deck.name(), one),
                (sc.say([" 来了", " 加入了直播间"], " joined", " se unió"), WHITE),
            ],
            st,
            "join",
            room,
        )

    def rules():
        t = sc.say(
            "欢迎来到直播间！平台倡导绿色直播，请勿私下交易，谨防诈骗，未成年人请在监护人陪同下购物。",
            "Welcome to the live room! Be kind, and do not trade outside the platform.",
            "Bienvenidos",
        )
        return sc.notice([(t, (120, 230, 220, 255))], st, "banner", room)

    def gave():
        return sc.notice(
            [
                (sc.deck.name(), one),
                (
                    sc.say("：送出了 1 个" + rng.choice(GIFTS["zh"]), " sent 1 Rose", " envió"),
                    (255, 226, 140, 255),
                ),
            ],
            st,
            "gift",
            room,
        )

    sc.stack(feed(sc, comment, rng.sample([join, gave, rules], 3)), 10 * s, top, bottom, 5)
    if rng.random() < 0.65 or "gift_overlap" in sc.hard:
        g = rng.choice(GIFTS[sc.lang])
        sc.gift(
            10 * s,
            bottom_gift(sc, top, bottom),
            sc.deck.name(),
            sc.say(f"送出{g}", f"sent {g}", f"envió {g}"),
            rng.randrange(1, 99),
            ((250, 90, 60, 235), (250, 170, 60, 50)),
        )
    p, old = price(sc)
    sc.card(
        (sc.w - 112 * s, bar - 182 * s, sc.w - 10 * s, bar - 10 * s),
        title(sc),
        p,
        sc.say("抢购", "Buy", "Comprar"),
        (254, 44, 85),
        tag=sc.say("讲解中", "Now", "Ahora"),
        side=False,
    )
    sc.input_bar(
        sc.say("说点什么...", "Say something...", "Di algo..."), bar, 10 * s, sc.w * 0.44, 4
    )


def kuaishou(sc):
    s, rng = sc.s, sc.rng
    y = header(
        sc,
        sc.say("+ 关注", "+ Follow", "+ Seguir"),
        (255, 80, 10),
        sub=sc.say("♥ 5821", "5,821 likes", "5821"),
    )
    sc.pill(
        sc.w - 8 * s,
        y + 4 * s,
        sc.say("小时榜 第6", "Rank 6", "Top 6"),
        10.5,
        (0, 0, 0, 80),
        kind="header",
        right=True,
    )
    inks = [(255, 196, 92, 255), (255, 224, 130, 255), (255, 170, 120, 255)]
    bubble = rng.choice([None, (0, 0, 0, 50), (120, 60, 160, 80)])
    st = {
        "pt": 14.8,
        "ink": WHITE,
        "sep": "：" if sc.lang == "zh" else ": ",
        "shadow": 0.6,
        "lead": 1.4,
        "radius": 5,
        "bubble": bubble,
        "pad": (6, 3) if bubble else (0, 0),
        "bold_name": rng.random() < 0.5,
    }
    bar = sc.h - (46 if sc.h / sc.w < 1.9 else 66) * s
    bottom, top = bar - 10 * s, sc.h * rng.uniform(0.54, 0.6)
    room = sc.w * rng.uniform(0.63, 0.67)

    def badges():
        if sc.deck.by_host:
            return host_badge(sc)
        if rng.random() < 0.45:
            return [
                sc.badge(
                    rng.choice(["老郑家", "小七团", "茶友", "暖粉", "家人"])
                    + f"{rng.randrange(1, 20)}",
                    (255, 90, 140),
                    (255, 150, 90),
                    pt=10,
                )
            ]
        return []

    def comment():
        st["ink_name"] = rng.choice(inks)
        return sc.inline(sc.deck.next(), st, room, badges())

    def gave():
        g = rng.choice(GIFTS["zh"])
        return sc.notice(
            [
                (sc.deck.name(), inks[0]),
                (
                    sc.say(f" 送给主播 1个 {g}", " sent the host 1 Rose", " envió"),
                    (255, 240, 170, 255),
                ),
            ],
            st,
            "gift",
            room,
        )

    def join():
        return sc.notice(
            [
                (sc.deck.name(), inks[1]),
                (
                    sc.say([" 进入直播间", " 点亮了红心", " 关注了主播"], " entered", " entró"),
                    (230, 230, 230, 255),
                ),
            ],
            st,
            "join",
            room,
        )

    sc.stack(
        feed(sc, comment, rng.sample([join, gave, join], 3)),
        12 * s,
        top,
        bottom,
        6.5 if not bubble else 5,
    )
    if rng.random() < 0.5 or "gift_overlap" in sc.hard:
        g = rng.choice(GIFTS[sc.lang])
        sc.gift(
            12 * s,
            bottom_gift(sc, top, bottom),
            sc.deck.name(),
            sc.say(f"送 {g}", f"sent {g}", f"envió {g}"),
            rng.randrange(1, 66),
            ((60, 60, 80, 220), (255, 120, 40, 70)),
        )
    p, old = price(sc)
    sc.card(
        (sc.w - 104 * s, bar - 172 * s, sc.w - 8 * s, bar - 10 * s),
        title(sc),
        p,
        sc.say("去抢购", "Buy", "Comprar"),
        (255, 80, 10),
        tag=sc.say("1号", "#1", "N.º 1"),
        side=False,
    )
    sc.pill(
        sc.w - 8 * s,
        sc.h * 0.36,
        sc.say("红包 00:48", "Bonus 00:48", "Bono"),
        10.5,
        (230, 50, 40, 230),
        kind="banner",
        right=True,
    )
    sc.input_bar(
        sc.say("和主播聊聊", "Chat with the host", "Chatea"),
        bar,
        12 * s,
        sc.w * 0.5,
        3,
        fill=(0, 0, 0, 70),
    )


def taobao(sc):
    s, rng = sc.s, sc.rng
    header(
        sc,
        sc.say("关注", "Follow", "Seguir"),
        (255, 80, 0),
        sub=sc.say("6.8万观看", "68K views", "68K"),
    )
    inks = [(255, 208, 160, 255), (170, 225, 255, 255), (255, 190, 200, 255)]
    st = {
        "pt": 13.6,
        "ink": WHITE,
        "bubble": (0, 0, 0, rng.randrange(72, 105)),
        "radius": 13,
        "pad": (9, 4.5),
        "sep": rng.choice([": ", "："]),
        "shadow": 0.2,
        "masked": True,
    }
    bar = sc.h - (48 if sc.h / sc.w < 1.9 else 68) * s
    top = sc.h * rng.uniform(0.52, 0.59)
    room = sc.w * rng.uniform(0.62, 0.68)
    buying = bar - 36 * s
    bottom = buying - 6 * s

    def badges():
        if rng.random() < 0.45:
            t, a, b = rng.choice(
                [
                    ("粉丝", (255, 120, 60), (255, 80, 120)),
                    ("铁粉", (200, 120, 60), (240, 180, 90)),
                    ("新粉", (90, 180, 140), (120, 210, 170)),
                    ("钻粉", (110, 110, 230), (170, 130, 250)),
                ]
            )
            return [sc.badge(t if sc.lang == "zh" else "Fan", a, b, pt=9.5)]
        return []

    def comment():
        st["ink_name"] = rng.choice(inks)
        return sc.inline(sc.deck.next(masked=True), st, room, badges())

    def notice():
        t = sc.say(
            ["主播公告：满2件打9折，下单备注尺码", "欢迎宝宝们，点关注领10元券"],
            "Notice: 2 items 10% off",
            "Aviso",
        )
        return sc.notice([(t, (255, 214, 120, 255))], st, "banner", room)

    def join():
        return sc.notice(
            [
                (sc.deck.name(masked=True), inks[0]),
                (sc.say([" 来了", " 进入直播间"], " joined", " se unió"), WHITE),
            ],
            st,
            "join",
            room,
        )

    sc.stack(feed(sc, comment, rng.sample([join, notice], 2)), 10 * s, top, bottom, 5)
    sc.pill(
        10 * s,
        buying,
        sc.deck.name(masked=True)
        + sc.say([" 正在去买", " 已下单", " 等3人正在去买"], " is buying", " compra"),
        12.2,
        (255, 110, 20, 235),
        kind="banner",
        end=(255, 170, 60, 160),
    )
    if "gift_overlap" in sc.hard:
        x, y = 10 * s, bottom_gift(sc, top, bottom)
        sc.gift(
            x,
            y,
            sc.deck.name(masked=True),
            sc.say("关注并点赞", "followed", "sigue"),
            rng.randrange(2, 30),
            ((255, 70, 60, 235), (255, 140, 60, 90)),
        )
    x0, y0 = sc.w - 92 * s, sc.h * rng.uniform(0.2, 0.28)
    n = rng.choice([(199, 20), (299, 40), (99, 10)])
    rrect(
        sc.img,
        (x0, y0, x0 + 82 * s, y0 + 58 * s),
        6 * s,
        (230, 40, 50, 240),
        (255, 220, 150, 255),
        1.5 * s,
    )
    lines = sc.say(
        [[f"{n[1]}元券", f"满{n[0]}可用", "立即领取"]],
        [[f"${n[1]} OFF", f"over ${n[0]}", "Get"]],
        [["Cupón", "20", "Ya"]],
    )
    for i, (t, pt) in enumerate(zip(lines, (16, 10.5, 10.5), strict=False)):
        sc.label(x0 + 8 * s, y0 + (4, 24, 40)[i] * s, t, pt, (255, 240, 200, 255), i != 1)
    sc.other("banner", " ".join(lines), (x0, y0, x0 + 82 * s, y0 + 58 * s))
    p, old = price(sc)
    sc.card(
        (sc.w - 110 * s, bar - 184 * s, sc.w - 10 * s, bar - 12 * s),
        title(sc),
        p,
        sc.say("马上抢", "Buy", "Comprar"),
        (255, 80, 0),
        tag=sc.say("讲解中", "Now", "Ahora"),
        side=False,
    )
    rrect(sc.img, (10 * s, bar, 46 * s, bar + 36 * s), 8 * s, (255, 90, 20, 255))
    sc.label(17 * s, bar + 6 * s, str(rng.randrange(12, 96)), 16, WHITE, True)
    sc.other("card", sc.say("宝贝口袋", "Bag", "Bolsa"), (10 * s, bar, 46 * s, bar + 36 * s))
    sc.input_bar(sc.say("跟主播聊聊…", "Chat…", "Chatea…"), bar, 54 * s, sc.w * 0.58, 3)


def instagram(sc):
    s, rng = sc.s, sc.rng
    header(
        sc,
        sc.say("关注", "Follow", "Seguir"),
        (0, 149, 246),
        sub=sc.say("原声直播", "Shop with us", "Compra con nosotros"),
        live=True,
    )
    st = {
        "pt": 13.8,
        "pt_name": 13,
        "avatar": 31,
        "ink": WHITE,
        "ink_name": WHITE,
        "bold_name": True,
        "shadow": 0.55,
        "badges_after": True,
    }
    bar = sc.h - (56 if sc.h / sc.w < 1.9 else 78) * s
    strip = rng.random() < 0.55
    bottom = bar - (86 if strip else 12) * s
    top = sc.h * rng.uniform(0.44, 0.53)
    room = sc.w * rng.uniform(0.7, 0.8)

    def badges():
        return (
            [sc.badge("✓", (0, 149, 246), pt=8)] if rng.random() < 0.12 and sc.face != "wqy" else []
        )

    def join():
        t = sc.say(
            " 加入了直播", [" joined", " waved", " started watching"], [" se unió", " saludó"]
        )
        face = draw.avatar(rng, 22 * s)
        row = sc.notice(
            [(sc.deck.name(), (235, 235, 235, 255)), (t, (215, 215, 215, 255))],
            {"pt": 13, "shadow": 0.6, "pad": (0, 3), "indent": 28},
            "join",
            room,
        )
        put(row.img, face, 2 * s, 1 * s)
        return row

    sc.stack(
        feed(sc, lambda: sc.stacked(sc.deck.next(), st, room, badges()), [join, join]),
        14 * s,
        top,
        bottom,
        10,
        34,
    )
    if "gift_overlap" in sc.hard:
        y = bottom_gift(sc, top, bottom)
        b = sc.pill(
            sc.w * 0.22,
            y,
            sc.say("主播置顶了一件商品", "kat pinned a product", "fijó un producto"),
            13,
            (255, 255, 255, 240),
            (30, 30, 30, 255),
            True,
            "banner",
        )
        sc.cover(b)
    if strip:
        p, old = price(sc)
        sc.card(
            (14 * s, bar - 78 * s, sc.w * 0.76, bar - 10 * s),
            title(sc),
            p,
            sc.say("查看", ["View", "Shop"], "Ver"),
            (0, 149, 246),
        )
    sc.input_bar(
        sc.say("评论…", ["Comment…", "Add a comment…"], "Comentar…"),
        bar,
        14 * s,
        sc.w * 0.62,
        3,
        (0, 0, 0, 40),
        (255, 255, 255, 190),
        40,
    )
    sc.hearts(sc.w - 30 * s, bar, sc.h * 0.55)


def shopee(sc):
    s, rng = sc.s, sc.rng
    y = header(
        sc,
        sc.say(["關注", "+ 追蹤"], ["+ Follow", "Follow"], "+ Seguir"),
        (238, 77, 45),
        sub=sc.say("2.1k 觀看", "2.1k viewers", "2.1k viendo"),
    )
    st = {
        "pt": 13.6,
        "ink": WHITE,
        "ink_name": rng.choice([(255, 214, 102, 255), (180, 236, 210, 255), (200, 200, 204, 255)]),
        "bubble": (0, 0, 0, rng.randrange(70, 100)),
        "radius": rng.choice([4, 10, 14]),
        "pad": (8, 4),
        "sep": "",
        "space": 6,
        "bold_name": rng.random() < 0.6,
        "shadow": 0.15,
    }
    bar = sc.h - (50 if sc.h / sc.w < 1.9 else 72) * s
    card_top = bar - 84 * s
    bottom, top = card_top - 10 * s, sc.h * rng.uniform(0.48, 0.55)
    room = sc.w * rng.uniform(0.66, 0.74)

    def badges():
        if sc.deck.by_host:
            return host_badge(sc)
        return (
            [
                sc.badge(
                    sc.say("VIP", ["VIP", "Lv.4", "Mod"], ["VIP", "Nv.4"]),
                    (238, 77, 45),
                    (255, 140, 60),
                    pt=9,
                )
            ]
            if rng.random() < 0.25
            else []
        )

    def join():
        return sc.notice(
            [
                (sc.deck.name(), st["ink_name"]),
                (
                    sc.say([" 進來了", " 已加入"], [" has joined", " is here"], " entró"),
                    (210, 210, 210, 255),
                ),
            ],
            st,
            "join",
            room,
        )

    def buying():
        return sc.notice(
            [
                (
                    sc.deck.name()
                    + sc.say(
                        " 正在購買 1 號商品",
                        [" is viewing item 3", " bought item 1"],
                        " está comprando",
                    ),
                    WHITE,
                )
            ],
            dict(st, bubble=(238, 77, 45, 210)),
            "banner",
            room,
        )

    sc.stack(
        feed(
            sc,
            lambda: sc.inline(sc.deck.next(), st, room, badges()),
            rng.sample([join, buying, join], 3),
        ),
        10 * s,
        top,
        bottom,
        5,
    )
    x0, y0 = sc.w - 74 * s, y + 14 * s
    rrect(
        sc.img,
        (x0, y0, x0 + 62 * s, y0 + 62 * s),
        31 * s,
        (255, 196, 40, 245),
        (255, 240, 160, 255),
        3 * s,
    )
    t = sc.say("0.1 蝦幣", "0.10 Coins", "0.10 mon.")
    sc.label(
        x0 + 31 * s - width(t, sc.f(8.6, True)) / 2, y0 + 17 * s, t, 8.6, (150, 70, 0, 255), True
    )
    t2 = sc.say("領取", "Claim", "Tomar")
    sc.label(
        x0 + 31 * s - width(t2, sc.f(11, True)) / 2, y0 + 34 * s, t2, 11, (200, 50, 20, 255), True
    )
    sc.other("banner", f"{t} {t2}", (x0, y0, x0 + 62 * s, y0 + 62 * s))
    n = rng.choice([5, 10, 15, 20])
    v = sc.say(f"${n * 5} 折價券 領取", f"${n} OFF voucher · Claim", f"Cupón ${n * 10} · Obtener")
    sc.pill(sc.w - 10 * s, y0 + 74 * s, v, 11, (238, 77, 45, 240), WHITE, True, "banner", True, 4)
    if "gift_overlap" in sc.hard:
        sc.gift(
            10 * s,
            bottom_gift(sc, top, bottom),
            sc.deck.name(),
            sc.say("分享了直播", "shared the live", "compartió"),
            rng.randrange(2, 20),
            ((238, 77, 45, 240), (255, 160, 80, 110)),
        )
    p, old = price(sc)
    sc.card(
        (10 * s, card_top, sc.w * rng.uniform(0.78, 0.94), card_top + 76 * s),
        title(sc),
        p,
        sc.say("立即購買", "Buy Now", "Comprar"),
        (238, 77, 45),
        old,
        tag=sc.say("1", "1", "1"),
    )
    sc.input_bar(
        sc.say("跟主播打個招呼", ["Say hi to the streamer", "Say something…"], "Di algo…"),
        bar,
        10 * s,
        sc.w * 0.54,
        3,
    )


def panel(sc):
    s, rng = sc.s, sc.rng
    w, h = sc.w, sc.h
    x0 = int(w * rng.uniform(0.7, 0.75))
    dark = rng.random() < 0.25
    bg, ink, dim = (
        ((24, 24, 27, 255), (239, 239, 241, 255), (160, 160, 168, 255))
        if dark
        else ((255, 255, 255, 255), (24, 24, 26, 255), (110, 112, 118, 255))
    )
    host = sc.deck.host = rng.choice(HOSTS[sc.deck.variant])
    b = sc.label(
        16 * s,
        12 * s,
        host + " · " + sc.say("正在直播", "LIVE now", "en vivo"),
        12,
        WHITE,
        True,
        0.6,
    )
    sc.other("host", host, b)
    sc.pill(
        16 * s,
        34 * s,
        viewers(sc) + sc.say(" 人在看", " watching", " viendo"),
        9.5,
        (0, 0, 0, 110),
        kind="header",
    )
    p, old = price(sc)
    sc.card(
        (16 * s, h - 104 * s, 16 * s + 190 * s, h - 34 * s),
        title(sc),
        p,
        sc.say("去购买", "Shop", "Comprar"),
        (230, 60, 50),
        old,
    )
    rrect(sc.img, (0, h - 22 * s, x0, h), 0, (0, 0, 0, 120))
    rrect(sc.img, (10 * s, h - 20 * s, x0 * 0.7, h - 18 * s), 1, (230, 40, 40, 255))
    b = sc.label(
        14 * s,
        h - 16 * s,
        f"{rng.randrange(1, 3)}:{rng.randrange(10, 59)}:{rng.randrange(10, 59)}",
        8.5,
    )
    sc.other("header", sc.say("播放器", "player", "reproductor"), (0, h - 22 * s, x0, h))
    rrect(sc.img, (x0, 0, w, h), 0, bg)
    pt = 9.8 if h >= 900 else 10.6
    head_h = 30 * s
    t = sc.say(["直播互动", "实时评论"], ["Live chat", "Top chat", "Stream Chat"], ["Chat en vivo"])
    sc.label(x0 + 10 * s, 8 * s, t, 11, ink, True)
    sc.label(w - 22 * s, 6 * s, "×", 13, dim)
    sc.other("header", t, (x0, 0, w, head_h))
    rrect(sc.img, (x0, head_h - 1, w, head_h), 0, (128, 128, 128, 90))
    area_top = head_h + 6 * s
    if rng.random() < 0.5:
        n = sc.say(
            "公告：今晚9点抽奖，关注主播参与",
            "Welcome! Be nice and stay on topic.",
            "¡Bienvenidos! Respeten las reglas.",
        )
        rrect(
            sc.img, (x0 + 8 * s, area_top, w - 8 * s, area_top + 26 * s), 4 * s, (128, 128, 160, 50)
        )
        sc.label(x0 + 14 * s, area_top + 6 * s, shorten(n, sc.f(9), w - x0 - 30 * s), 9, dim)
        sc.other("banner", n, (x0 + 8 * s, area_top, w - 8 * s, area_top + 26 * s))
        area_top += 32 * s
    foot = h - 44 * s
    rrect(sc.img, (x0, foot, w, foot + 1), 0, (128, 128, 128, 90))
    rrect(
        sc.img,
        (x0 + 10 * s, foot + 9 * s, w - 44 * s, foot + 33 * s),
        12 * s,
        (128, 128, 128, 40),
        (128, 128, 128, 120),
        1,
    )
    t = sc.say(["发条友善的评论", "说点什么"], ["Chat...", "Send a message"], "Chatea...")
    sc.label(x0 + 20 * s, foot + 14 * s, t, 10, dim)
    sc.label(
        w - 40 * s, foot + 14 * s, sc.say("发送", "Send", "Enviar"), 10, (60, 120, 240, 255), True
    )
    sc.other("input", t, (x0, foot, w, h))
    room = w - x0 - 20 * s
    style = rng.choice(["stacked", "stacked", "inline"])
    base = {
        "pt": pt,
        "pt_name": pt * 0.93,
        "ink": ink,
        "ink_name": dim,
        "ink_stamp": (dim[0], dim[1], dim[2], 170),
        "avatar": 20,
        "bold_name": rng.random() < 0.5,
    }
    if style == "inline":
        base.update(
            avatar=rng.choice([0, 17]),
            sep=rng.choice(["：", ""]) if sc.lang == "zh" else rng.choice(["", ": "]),
            space=5,
            pad=(0, 1.5),
            lead=1.42,
        )
    stamps = rng.random() < 0.6
    clock = [rng.randrange(9, 22) * 60 + rng.randrange(60)]

    def comment():
        if style == "inline":
            if not dark and base["sep"]:
                base["ink_name"] = rng.choice(
                    [
                        (40, 90, 200, 255),
                        (190, 60, 60, 255),
                        (20, 130, 90, 255),
                        (140, 60, 170, 255),
                    ]
                )
            return sc.inline(sc.deck.next(), base, room)
        clock[0] -= rng.randrange(0, 2)
        bad = (
            [sc.badge(sc.say("会员", ["Member", "MOD"], "Miembro"), (60, 140, 90), pt=7)]
            if rng.random() < 0.12
            else []
        )
        return sc.stacked(
            sc.deck.next(),
            base,
            room,
            bad,
            f"{clock[0] // 60}:{clock[0] % 60:02d}" if stamps else None,
        )

    def join():
        return sc.notice(
            [(sc.deck.name() + sc.say(" 进入直播间", " joined the stream", " se unió"), dim)],
            {"pt": pt * 0.95},
            "join",
            room,
        )

    limit = 99 if rng.random() < 0.8 else 8
    limit = 16 if h < 900 else limit
    sc.stack(
        feed(sc, comment, [join, join], 5, limit),
        x0 + 10 * s,
        area_top,
        foot - 6 * s,
        6.5 if style == "stacked" else 5,
        0,
        True,
    )
    rrect(sc.img, (x0, 0, x0 + 1, h), 0, (128, 128, 128, 80))
    if "gift_overlap" in sc.hard:
        bx = (x0 + 14 * s, foot - 34 * s, w - 14 * s, foot - 8 * s)
        rrect(sc.img, bx, 13 * s, (60, 120, 240, 255))
        t = sc.say("↓ 12 条新消息", "↓ 12 new messages", "↓ 12 mensajes nuevos")
        text(sc.img, (bx[0] + bx[2]) / 2 - width(t, sc.f(10)) / 2, bx[1] + 17 * s, t, sc.f(10))
        sc.other("banner", t, bx)
        sc.cover(bx)


def danmaku(sc):
    s, rng = sc.s, sc.rng
    w, h = sc.w, sc.h
    land = w > h
    t = sc.say(
        ["【直播】秋季上新专场", "好物分享夜 全场包邮"], "LIVE: fall drop with Luna", "EN VIVO"
    )
    rrect(sc.img, (0, 0, w, 34 * s), 0, (0, 0, 0, 70))
    b = sc.label(14 * s, 8 * s, t, 13, WHITE, True, 0.5)
    sc.other("header", t, b)
    t = sc.say(f"人气 {viewers(sc)}", f"{viewers(sc)} watching", "")
    sc.pill(w - 12 * s, 7 * s, t, 10.5, (0, 0, 0, 100), kind="header", right=True)
    pt = (13.2 if land else 15.5) * sc.scale * (rng.uniform(0.95, 1.1))
    f = sc.f(pt, rng.random() < 0.85)
    lane = f.size * rng.uniform(1.5, 1.7)
    top, bottom = 42 * s, h * (rng.uniform(0.55, 0.75) if land else rng.uniform(0.4, 0.55))
    alpha = 255 if rng.random() < 0.6 else rng.randrange(190, 235)
    inks = [(255, 255, 255)] * 12 + [
        (254, 2, 2),
        (255, 211, 2),
        (0, 205, 0),
        (60, 180, 255),
        (255, 130, 190),
        (160, 238, 0),
    ]
    n = int((bottom - top) / lane)
    order = 0
    for i in range(n):
        y = top + lane * i
        x = rng.uniform(-0.12 if "scrolled" in sc.hard else 0.01, 0.35) * w
        if rng.random() < 0.3:
            continue
        while x < w * (1.0 if "scrolled" in sc.hard else 0.9):
            _, words, question = sc.deck.next(limit=24 if sc.lang == "zh" else 36)
            n_w = width(words, f)
            if "scrolled" not in sc.hard and x + n_w > w - 6 * s:
                sc.deck.back(words)
                break
            c = rng.choice(inks)
            edge = (0, 0, 0, 230 * alpha // 255) if sum(c) > 200 else (255, 255, 255, 200)
            base = y + f.size * 1.06
            text(sc.img, x, base, words, f, c + (alpha,), 0.4, max(1, round(f.size / 16)), edge)
            box = [x - 2 * s, y, x + n_w + 2 * s, y + f.size * 1.36]
            if rng.random() < 0.06:
                rrect(
                    sc.img,
                    (box[0] - 3 * s, box[1], box[2] + 3 * s, box[3]),
                    2,
                    (0, 0, 0, 0),
                    (102, 204, 255, 255),
                    1.5 * s,
                )
            order += 2
            sc.comments.append(
                Comment(
                    None,
                    words,
                    question,
                    box,
                    [("line1", [x, y, x + n_w, y + f.size * 1.36])],
                    100 + i,
                )
            )
            x += n_w + w * rng.uniform(0.15, 0.6)
    p, old = price(sc)
    if land:
        sc.card(
            (14 * s, h - 108 * s, 14 * s + 200 * s, h - 40 * s),
            title(sc),
            p,
            sc.say("去看看", "View", "Ver"),
            (251, 114, 153),
            old,
        )
        rrect(sc.img, (0, h - 30 * s, w, h), 0, (0, 0, 0, 130))
        t = sc.say("发个友善的弹幕见证当下", "Send a comment", "Comenta")
        rrect(sc.img, (w * 0.3, h - 26 * s, w * 0.68, h - 5 * s), 10 * s, (255, 255, 255, 60))
        sc.label(w * 0.3 + 12 * s, h - 23 * s, t, 10.5, (255, 255, 255, 200))
        sc.other("input", t, (w * 0.3, h - 26 * s, w * 0.68, h - 5 * s))
        sc.pill(
            14 * s,
            h - 26 * s,
            sc.say("直播中", "LIVE", "EN VIVO"),
            10,
            (251, 114, 153, 255),
            kind="header",
        )
        sc.pill(
            w - 14 * s,
            h - 26 * s,
            sc.say("弹幕 开", "Chat on", "Chat"),
            10,
            (0, 0, 0, 60),
            kind="header",
            right=True,
        )
    else:
        bar = h - 52 * s
        sc.card(
            (12 * s, bar - 88 * s, w * 0.8, bar - 12 * s),
            title(sc),
            p,
            sc.say("去看看", "View", "Ver"),
            (251, 114, 153),
            old,
        )
        sc.input_bar(sc.say("发个弹幕呗~", "Send a comment", "Comenta"), bar, 12 * s, w * 0.56, 3)
    if rng.random() < 0.5 or "gift_overlap" in sc.hard:
        y = (
            top + (bottom - top) * rng.uniform(0.3, 0.6)
            if "gift_overlap" in sc.hard
            else h * (0.62 if not land else 0.5)
        )
        x = 14 * s if "gift_overlap" in sc.hard or not land else w - 250 * s
        if "gift_overlap" not in sc.hard and any(c.box[3] > y - 4 for c in sc.comments):
            return
        sc.gift(
            x,
            y,
            sc.deck.name(),
            sc.say("投喂 小花花", "sent Rose", "envió"),
            rng.randrange(1, 30),
            ((251, 114, 153, 240), (90, 140, 255, 90)),
        )


LAYOUTS = {
    "tiktok": tiktok,
    "douyin": douyin,
    "kuaishou": kuaishou,
    "taobao": taobao,
    "instagram": instagram,
    "shopee": shopee,
    "panel": panel,
    "danmaku": danmaku,
}
