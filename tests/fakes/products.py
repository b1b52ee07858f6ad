"""Two product documents, one in English and one in Chinese, with something in every field."""

from domain.product import ProductDocument, ProductRecord, ProductStatus, Variants

MUG = ProductRecord(
    name="Fjord Thermal Mug",
    brand="Fjord",
    category="thermal mug",
    list_price=29.9,
    live_price=19.9,
    currency="USD",
    promotion=["Free shipping on orders over $35"],
    variants=Variants(
        sizes=["350 ml", "500 ml"],
        colours=["Cream White", "Moss Green"],
        stock={"Cream White / 350 ml": 12, "Moss Green / 350 ml": 0},
    ),
    specs={"Capacity": "350 ml", "Weight": "210 g", "Height": "18 cm"},
    materials=["18/8 stainless steel"],
    selling_points=[
        "Double-wall vacuum insulation keeps drinks hot for 12 hours",
        "Leak-proof lid, locks with one hand",
        "Fits a car cup holder",
        "Dishwasher safe",
        "BPA-free",
    ],
    usage=["Rinse with warm water before first use"],
    audience="commuters and students",
    certifications=["FDA food-contact compliant"],
    shipping="Ships within 48 hours from New Jersey",
    returns_warranty=["30-day returns, unused"],
    warnings=["Do not microwave"],
)

CUP = ProductRecord(
    name="北屿保温杯",
    brand="北屿",
    category="保温杯",
    list_price=259,
    live_price=199,
    currency="CNY",
    promotion=["满300减30"],
    variants=Variants(sizes=["350毫升", "500毫升"], colours=["奶油白", "苔藓绿"]),
    specs={"容量": "350毫升", "重量": "210克"},
    materials=["304不锈钢"],
    selling_points=[
        "双层真空，保温12小时",
        "防漏杯盖，单手开合",
        "放得进车载杯架",
        "杯口圆润，不刮嘴",
    ],
    usage=["首次使用前用温水冲洗"],
    audience="上班族和学生",
    certifications=["食品接触用产品检测报告"],
    shipping="48小时内从杭州发货",
    returns_warranty=["七天无理由退货"],
)


def document_of(record: ProductRecord) -> ProductDocument:
    """A published first version of `record`."""
    return ProductDocument(
        product_id="p-1", version=1, status=ProductStatus.PUBLISHED, record=record
    )
