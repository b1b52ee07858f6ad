"""Characters that stand in for others: traditional forms, look-alikes, enclosed letters.

The traditional and look-alike tables cover the characters that the rules' wordings are made of;
they are for matching only and never change a text that anyone sees.
"""

_TRADITIONAL = (
    "國級療癒藥醫證認實驗資據數單銷賣買價錢圓萬億獎領導軍隊專機構關協會員學術無與倫絕頂極優質"
    "貴業際產類擊壓殺見響應變傷預測紅紋痠經絡濕風氣臟腎腸內調節靜視減腫體瘡癥腦壯陽補強細壞轉"
    "運開驅鎮財禍災護闢發還進貨廠虧騙鎖聯繫係號碼薦訊電話羣圖個們這裡過對帶給獲贈鏈鄰線帳賬戶"
    "務評讚點隻條雙兩後裏復複製創獨佔冊選純潔淨環綠態汙續負責較輕長寬網頻劃費滿顧麼從來聽說讓"
    "謝別許違規則詞換適養顏膚麗斷貼膠飲營維礦鈣鐵鋅鹽檸葉齡歲嬰兒爾婦媽爺幫緩鬱憂癡聾啞頭髮齒"
    "齦嚨竅腳頸間盤損傳統館藝稱項權檢報標準簽約擇雲韓寶親愛歡樂門檻沒為時東車當於師讀語歷場擔"
    "確贏團隨寫漲幾嚴賺穩勝試賽齊銀請謹詐兌獻禮滅頓暢熱總亞歐廣鬆緊攝灘鬥鞏鬚櫃賠虛僞偽賴紙裝"
    "覺聲譽榮軟麥麵徹懷贊"
)
_SIMPLIFIED = (
    "国级疗愈药医证认实验资据数单销卖买价钱圆万亿奖领导军队专机构关协会员学术无与伦绝顶极优质"
    "贵业际产类击压杀见响应变伤预测红纹酸经络湿风气脏肾肠内调节静视减肿体疮症脑壮阳补强细坏转"
    "运开驱镇财祸灾护辟发还进货厂亏骗锁联系系号码荐讯电话群图个们这里过对带给获赠链邻线账账户"
    "务评赞点只条双两后里复复制创独占册选纯洁净环绿态污续负责较轻长宽网频划费满顾么从来听说让"
    "谢别许违规则词换适养颜肤丽断贴胶饮营维矿钙铁锌盐柠叶龄岁婴儿尔妇妈爷帮缓郁忧痴聋哑头发齿"
    "龈咙窍脚颈间盘损传统馆艺称项权检报标准签约择云韩宝亲爱欢乐门槛没为时东车当于师读语历场担"
    "确赢团随写涨几严赚稳胜试赛齐银请谨诈兑献礼灭顿畅热总亚欧广松紧摄滩斗巩须柜赔虚伪伪赖纸装"
    "觉声誉荣软麦面彻怀赞"
)
_SOUND_OR_SHAPE = {
    "蕞": "最",
    "朂": "最",
    "笫": "第",
    "薇": "微",
    "彶": "级",
    "仺": "全",
    "吿": "告",
}
_CYRILLIC_AND_GREEK = dict(zip("аеорсхуіјкмтнвѕԁαοερντικ", "aeopcxyijkmthbsdaoepvtik", strict=True))
_PUNCTUATION = {
    "‘": "'", "’": "'", "ʼ": "'", "“": '"', "”": '"', "「": '"', "」": '"', "『": '"', "』": '"',
    "–": "-", "—": "-", "−": "-", "‐": "-", "‑": "-", "。": "。", "｡": "。", "➕": "+", "№": "no.",
    "🔟": "10", "💯": "100%",
}  # fmt: skip
_ENCLOSED = {
    chr(start + i): chr(ord("a") + i)
    for start in (0x1F130, 0x1F150, 0x1F170, 0x1F1E6)
    for i in range(26)
}

LOOKALIKES: dict[str, str] = (
    dict(zip(_TRADITIONAL, _SIMPLIFIED, strict=True))
    | _SOUND_OR_SHAPE
    | _CYRILLIC_AND_GREEK
    | _PUNCTUATION
    | _ENCLOSED
)
"""Replacement text by single character; what is not in it is folded by Unicode's own tables."""

HEARTS = frozenset("❤♥💗💓💕💖💚💙💛💜🧡🖤🤍♡")
"""Signs that are read as the second half of 微信 after 微 or V."""

LEET = str.maketrans("013457@$", "oieastas")
"""Digits and signs that are put for letters inside a Latin word."""
