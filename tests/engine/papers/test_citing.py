"""Articles in papers."""

import pytest

from engine.papers.citing import cited


@pytest.mark.parametrize(
    ("law", "said"),
    [
        ("信访工作条例 §22", "信访工作条例第二十二条"),
        ("人民调解法 §33；民事诉讼法 §205", "人民调解法第三十三条；民事诉讼法第二百零五条"),
        ("信访工作条例 §§29, 31(五)（没有法定期限）", "信访工作条例第二十九条、第三十一条第五项（没有法定期限）"),
        ("民法典 §§188, 1010", "民法典第一百八十八条、第一千零一十条"),
        ("土地管理法 §14", "土地管理法第十四条"),
        ("国家突发地质灾害应急预案", "国家突发地质灾害应急预案"),
    ],
)
def test_an_article_is_spelled_out(law: str, said: str) -> None:
    assert cited(law) == said
