"""What viewers write, what they are called, and what else stands on a live frame."""

LATIN_NAMES = """jenny's corner|Alice_22|mike.t|Sofia Ramirez|dan_the_man|KofiB|Lina M.
user8839201|xX_Raven_Xx|Grace W|Tom the plumber|sunnyday|Olu99|Hanna K.|bargain hunter|Priya S
marco.rossi|Emma|pixel_pete|coffee.addict|Zoe 7788|Rita from Leeds|Big Al|Yuki|JT|no_name_42
The Real Dave|Klaus-Peter|shopaholic88|ana.lucia|Mei Ling|carlos_mx"""
CHINESE_NAMES = """小鱼儿|爱吃草莓的猫|用户58293|张大姐|冬日暖阳|momo|雨后彩虹|阿强|北方的狼|甜甜圈
小王子2008|一叶知秋|李阿姨|奶茶不加糖|花开富贵|夜猫子_Leo|平平淡淡才是真|土豆泥|星辰大海
豆豆妈|老刘|可乐加冰|西瓜|快乐的小胖子|Amy小仙女|不吃香菜|风一样的男子|萌萌|江南烟雨
王小二|大脸猫|十里桃花|张三丰|梦里花落知多少|小雅"""
MASKED = "t**3|小**鱼|王**3|j**y|明**6|a**k|花**8|l***2|豆**妈|y**0|风**子|c**9"

TEXTS = {
    "en": """How much is it?|does it come in black|Hi from Manchester!|love this
Can you show the back please|1|size 8 available?|what's the material
is it waterproof? I walk my dog in the rain every single day|OMG that color
just ordered two!|hello everyone|How long does shipping to Canada take
my sister has this one|does it work with 220V?|link please
I'm 5'4 and 130 lbs, would the medium be too loose on me?|WOW|is the discount still on
can you compare it with the old model, the one you sold last Christmas|no way
show us the inside of the bag|price?
thank you so much for answering my question earlier, really helpful|any coupon codes
good morning|do you have it in XL?|I bought it last week and it's great|haha|is it heavy
what about returns if it does not fit|the blue one is so pretty|is it real leather?
how many are left|can kids use it too? mine is 6|first time here|need this
too expensive for me|ok|does the warranty cover|battery problems after one year?
is this safe for sensitive skin|yes yes yes|2 please|sold!!|where are you from
How many ml in one bottle: 30 or 50?|can it go in the dishwasher|it's 100% cotton right
Lol same
I'd like the red one but only if it ships before Friday because it is a birthday present
A|W|nice jacket|what time does the sale end? 9:30?
what is the difference between the pro version and the lite version""",
    "zh": """多少钱|有黑色吗|主播好漂亮|能不能看一下后面|1|扣1|想要|165斤能穿吗|这个是纯棉的吗|已拍
什么时候发货|新疆包邮吗？|支持七天无理由退货吗|好看好看
我买了两件了，质量真的不错，推荐大家买|几号链接|链接呢
身高160体重120穿什么码合适，我平时穿L码的，胸有点大|可以放洗碗机吗|保质期多久
敏感肌可以用吗|哈哈哈哈|孕妇能用吗
和上次那款有什么区别？上次那款我觉得有点重，这款会不会轻一点|主播穿的什么码|优惠券怎么领
还有库存吗|拍了，快发货|不显胖吧|价格能再低点吗|太贵了|第一次来|晚上好|主播唱首歌|666
有没有小号的|3号链接讲一下|充电一次能用几天|防水吗？我每天洗澡都想戴着它|颜色会不会掉|美
要一个蓝色的|好用吗|老板大气|买过，回购第三次了|适合多大年龄的人|能用消费券吗
退货运费谁出|赠品有哪些：是不是三件套？|今天下单明天能到吗，周末要送人的，比较着急
啥材质|看看里面|收到货发现少了一个配件怎么办|噪音大不大|39码有吗""",
    "mixed": """XL还有吗|这个OK的|can you show 红色 please|iPhone 15能用吗|求link|LV同款吗
price 多少？|是USB-C接口吗|Size S 有货吗|太cute了|¿Cuánto cuesta?|tienen envío a México|me encanta
hola desde Perú|berapa harganya kak|ada warna hitam?|quanto custa o frete|bom dia
bisa COD gak kak, ke Surabaya berapa hari|PM2.5能过滤吗""",
}

JOINS = {
    "en": "{} joined|{} just joined|{} has joined the live|{} followed the host|{} shared the LIVE"
    "|{} is new here|{} sent Rose x5|{} sent a Heart|{} is viewing the product|{} bought this item",
    "zh": "{} 来了|{}进入直播间|欢迎 {} 加入直播间|{} 关注了主播|{} 送出 小心心 x3"
    "|{} 送了主播 玫瑰 x1"
    "|{} 加入了粉丝团|{} 分享了直播|{} 正在去买|{} 为主播点赞了|{} 已下单",
}
HINTS = {
    "en": ["Add comment...", "Say something…", "Type here", "Comment", "Send a message", "Chat..."],
    "zh": ["说点什么...", "说点什么吧", "和主播聊点什么", "发条弹幕吧", "聊聊", "说说你的想法…"],
}
HOSTS = {
    "en": ["Nordic Kitchen", "GlowLab Official", "tina.live", "BagStory"],
    "zh": ["小北家居", "花西美妆旗舰店", "大林严选", "阿娇穿搭"],
}
GOODS = {
    "en": [
        ("Silk pillowcase 2-pack", "$24.99"),
        ("Stainless kettle 1.7 L", "$39.00"),
        ("Vitamin C serum 30 ml", "$18.50"),
        ("Kids rain jacket", "£22"),
    ],
    "zh": [
        ("真丝枕套两只装 送礼盒", "¥159"),
        ("大容量保温壶 304不锈钢", "¥89.9"),
        ("维C精华液30ml 提亮", "到手价 ¥129"),
        ("儿童雨衣 连体", "¥59"),
    ],
}
BUTTONS = {
    "en": ["Buy", "Shop now", "Add to cart", "View"],
    "zh": ["去抢购", "马上抢", "购买", "去看看"],
}
POSTERS = {
    "en": [
        "NEW IN",
        "SALE 50%",
        "Free shipping over $50",
        "GENUINE LEATHER",
        "Made in Italy",
        "ORGANIC",
        "Buy 2 get 1",
        "Net wt 250 g",
    ],
    "zh": [
        "夏季新品",
        "全场包邮",
        "买一送一",
        "正品保证",
        "天然植物萃取",
        "厂家直销",
        "净含量500ml",
        "7天无理由",
    ],
}
BADGES = ["Lv12", "LV.7", "23", "粉丝团", "VIP", "铁粉", "Top 3", "Mod", "♥ 5", "超粉9"]
ODD_JOINS = {
    "en": "{} just hopped on|{} stopped by|{} came from the For You page"
    "|{} claimed a $3 voucher|{} and 14 others are here",
    "zh": "{}路过直播间|{}正在看3号商品|{}领取了3元优惠券|{}已加入购物车"
    "|热烈欢迎{}大驾光临|{}点亮了粉丝团",
}
SUBTITLES = {
    "en": [
        "and this one comes in three colours",
        "so let me show you the stitching",
        "only today we have this price",
    ],
    "zh": ["大家看一下这个面料", "今天下单还送一个小礼物", "我们家这款卖了三年了"],
}
PINNED = {
    "en": ["Pinned: use code LIVE10 at checkout", "Giveaway at 9 pm, stay tuned!"],
    "zh": ["公告：今晚八点半准时抽奖", "置顶 关注主播不迷路"],
}
