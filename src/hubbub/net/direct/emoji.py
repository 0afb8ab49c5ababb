"""Seven emoji that two people compare: if they are the same at both ends, nobody sits in between.

42 bits, of which somebody in between cannot choose any: both ends give a random number before they see the other's.
"""

from __future__ import annotations

from hashlib import sha256
from typing import Final

COUNT: Final = 7

_WORDS: Final = """
🐶 dog, 🐱 cat, 🦁 lion, 🐴 horse, 🦄 unicorn, 🐷 pig, 🐘 elephant, 🐰 rabbit
🐼 panda, 🐓 rooster, 🐧 penguin, 🐢 turtle, 🐟 fish, 🐙 octopus, 🦋 butterfly, 🌷 tulip
🌳 tree, 🌵 cactus, 🍄 mushroom, 🌍 globe, 🌙 moon, 🌈 rainbow, 🔥 fire, 🍌 banana
🍎 apple, 🍓 strawberry, 🌽 corn, 🍕 pizza, 🎂 cake, 🍋 lemon, 🤖 robot, 🎩 hat
👓 glasses, 🔧 wrench, 🎅 santa, 👍 thumb, 🌂 umbrella, ⌛ hourglass, ⏰ clock, 🎁 gift
💡 bulb, 📕 book, 📎 paperclip, ✂ scissors, 🔒 lock, 🔑 key, 🔨 hammer, 📞 telephone
🏁 flag, 🚂 train, 🚲 bicycle, ✈ aeroplane, 🚀 rocket, 🏆 trophy, ⚽ ball, 🎸 guitar
🎺 trumpet, 🔔 bell, ⚓ anchor, 🎧 headphones, 📁 folder, 📌 pin, 🪑 chair, 🕯 candle
"""

TABLE: Final = tuple(entry.strip() for line in _WORDS.split("\n") for entry in line.split(",") if entry)
"""64, so that each is six bits; with the word that one says on the telephone."""


def emoji_of(transcript: bytes) -> tuple[str, ...]:
    """As people read them out: "🐶 dog"."""
    number = int.from_bytes(sha256(b"hubbub direct emoji\n" + transcript).digest()[:6], "big") >> 6
    picked = (number >> shift & 63 for shift in range((COUNT - 1) * 6, -6, -6))
    return tuple(TABLE[index] for index in picked)
