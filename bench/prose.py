"""Made-up talk: words of several scripts, some said all the time and most hardly ever, the same for the same seed."""

from collections.abc import Callable
from itertools import accumulate
from random import Random
from typing import Final

SCRIPTS: Final[tuple[tuple[float, str, str], ...]] = (
    (0.65, "aeioubcdfghklmnprstvwyz", " "),
    (0.15, "абвгдежзиклмнопрстуфхцчшыья", " "),
    (0.12, "日本語中文字電話人大国会社年月今何時間学生先気天東京新聞読書話見行来食飲買高安長短", ""),
    (0.08, "ابتثجحخدذرزسشصضطظعغفقكلمنهوي", " "),
)
"""How much of the talk each has, its letters, and what stands between words."""

VOCABULARY: Final = 40_000
SENTENCES: Final = 200_000


class Prose:
    """`say` gives a sentence; `words` has each script's words, the most frequent first."""

    def __init__(self, seed: int = 1) -> None:
        self._random = random = Random(seed)
        self._weights = list(accumulate(1 / (rank + 3) for rank in range(VOCABULARY)))
        self.words = [[self._word(letters, blank) for _ in range(VOCABULARY)] for _, letters, blank in SCRIPTS]
        shares = [share for share, _, _ in SCRIPTS]
        self._sentences = [self._sentence(random.choices(range(len(SCRIPTS)), shares)[0]) for _ in range(SENTENCES)]
        self.say: Callable[[], str] = lambda: random.choice(self._sentences)

    def _word(self, letters: str, blank: str) -> str:
        return "".join(self._random.choices(letters, k=self._random.randint(2, 9 if blank else 3)))

    def _sentence(self, script: int) -> str:
        count = self._random.randint(2, 18)
        return SCRIPTS[script][2].join(self._random.choices(self.words[script], cum_weights=self._weights, k=count))
