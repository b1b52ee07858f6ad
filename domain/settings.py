"""Settings: one frozen tree, read from the environment once and passed down.

Names are `LIVECUE_<FIELD>`, nested with a double underscore (`LIVECUE_CHAT__BASE_URL`).
`DATABASE_URL` and `QDRANT_URL` keep the names that their ecosystems use.
"""

import os
from pathlib import Path
from typing import Literal

from pydantic import AliasChoices, BaseModel, ConfigDict, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict, SettingsError

from domain.errors import InvalidInput

MIB = 1024 * 1024


class Section(BaseModel):
    """A nested group of settings."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Endpoint(Section):
    """An OpenAI-compatible model endpoint; without `base_url` the embedded model serves."""

    base_url: str | None = None
    model: str | None = None
    api_key: SecretStr | None = None
    timeout_seconds: float = Field(default=60, gt=0)
    max_retries: int = Field(default=3, ge=0)
    requests_per_minute: int = Field(default=0, ge=0, description="0 = no limit of our own")
    max_concurrency: int = Field(default=8, ge=1)

    @property
    def configured(self) -> bool:
        """True when this job goes to an endpoint and not to the embedded model."""
        return self.base_url is not None


class EmbeddedLlm(Section):
    """The embedded LLM server: two slots, the first kept for the product on air."""

    context_tokens: int = Field(default=16384, ge=2048, description="shared by all slots")
    slots: int = Field(default=2, ge=2, le=8)
    start_seconds: float = Field(default=120, gt=0, description="time to load before giving up")
    idle_seconds: float = Field(default=900, gt=0, description="unused this long, it is stopped")
    request_seconds: float = Field(default=300, gt=0, description="longest single generation")


def _half_the_cores() -> int:
    return max(1, (os.cpu_count() or 2) // 2)


class Threads(Section):
    """Threads per runtime; the LLM gets the cores, the others half, so that a click is served."""

    llm: int = Field(default_factory=lambda: max(1, os.cpu_count() or 2), ge=1)
    ocr: int = Field(default_factory=_half_the_cores, ge=1)
    asr: int = Field(default_factory=_half_the_cores, ge=1)
    embedding: int = Field(default_factory=_half_the_cores, ge=1)
    reading: int = Field(default=2, ge=1, description="sources that are read at once")
    pool: int = Field(default=8, ge=1, description="workers for blocking calls (SQL, parsing)")


class Limits(Section):
    """Input limits; each error names the limit that it hit and the setting that moves it."""

    upload_bytes: int = Field(default=512 * MIB, ge=1)
    request_bytes: int = Field(default=128 * MIB, ge=1, description="one body, uploads aside")
    files_per_intake: int = Field(default=200, ge=1)
    source_bytes: int = Field(default=64 * MIB, ge=1, description="one text, table or image")
    source_chars: int = Field(default=400_000, ge=1, description="text read from one source")
    table_rows: int = Field(default=20_000, ge=1)
    image_pixels: int = Field(default=60_000_000, ge=1)
    pdf_pages: int = Field(default=300, ge=1)
    ocr_pages: int = Field(default=60, ge=1, description="pages of one PDF without text")
    media_bytes: int = Field(default=512 * MIB, ge=1, description="one audio or video file")
    media_seconds: int = Field(default=2 * 3600, ge=1, description="one audio or video file")
    video_frames: int = Field(default=240, ge=1, description="keyframes of one video read by OCR")
    reader_memory: int = Field(
        default=1024 * MIB, ge=128 * MIB, description="of a process that opens one foreign file"
    )
    reader_seconds: float = Field(
        default=180, gt=0, description="CPU time of a process that opens one foreign file"
    )
    fetch_bytes: int = Field(default=16 * MIB, ge=1, description="one page or file by its URL")
    fetch_seconds: float = Field(default=20, gt=0, description="one fetch with its redirects")
    products_per_intake: int = Field(default=500, ge=1)
    check_chars: int = Field(default=20_000, ge=1, description="one text to check")
    question_chars: int = Field(default=500, ge=1)
    chat_chars: int = Field(default=100_000, ge=1, description="one chat request, all messages")
    chat_files: int = Field(default=20, ge=1)
    batch_rows: int = Field(default=100_000, ge=1)


class Fetching(Section):
    """Which web addresses are asked when material is given by its URL."""

    allow_private: bool = Field(default=False, description="addresses of the own network too")
    ports: tuple[int, ...] = (80, 443, 8080, 8443)
    redirects: int = Field(default=5, ge=0, description="each one is checked like the first")


class Jobs(Section):
    """How jobs are leased: a runner that is silent for a lease is taken for dead."""

    lease_seconds: float = Field(default=30, gt=1)
    poll_seconds: float = Field(default=0.25, gt=0, description="how soon a cancel is noticed")
    concurrency: int = Field(default=2, ge=1)
    home_wait_seconds: float = Field(default=600, ge=0, description="wait for a busy home")


class Answering(Section):
    """The latency and length contract of an answer on air."""

    first_sentence_ms: int = Field(default=700, ge=50, description="then the extractive one goes")
    max_latin_chars: int = Field(default=240, ge=40)
    max_chinese_chars: int = Field(default=90, ge=20)
    min_similarity: float = Field(
        default=0.8, ge=0, le=1, description="e5 cosine below which a fact does not answer"
    )
    min_margin: float = Field(
        default=0.02, ge=0, le=1, description="lead in e5 cosine that the best fact must have"
    )
    min_fact_odds: float = Field(
        default=0.6, ge=0, le=1, description="that a fact answers, where no field does by name"
    )
    min_odds: float = Field(
        default=0.6, ge=0, le=1, description="that a sentence of the host answers, to rest on it"
    )


class Preparing(Section):
    """How far an intake goes by itself."""

    copy_products: int = Field(
        default=1, ge=0, description="write a first script when an intake finds at most this many"
    )
    copy_repairs: int = Field(default=2, ge=0, description="rewrites of a failing sentence")


class Streaming(Section):
    """How a broadcast is taken in: sampling, queues, reconnecting, and what is refused."""

    sessions: int = Field(default=4, ge=1, description="streams that are watched at once")
    frame_interval_ms: int = Field(default=1000, ge=20, description="between two pictures taken")
    read_interval_ms: int = Field(default=2000, ge=20, description="between two that OCR reads")
    speech_ms: int = Field(
        default=3000, ge=1000, le=20_000, description="longest stretch that is heard at once"
    )
    audio_chunk_ms: int = Field(default=200, ge=20, le=10_000)
    frames_waiting: int = Field(default=8, ge=1, description="of a live stream the oldest goes")
    sound_waiting_seconds: float = Field(
        default=60, gt=0, description="sound that nobody takes in time; then the oldest goes"
    )
    decode_threads: int = Field(default=1, ge=1)
    behind_ms: int = Field(
        default=1500, ge=100, description="lag from which only key frames are decoded"
    )
    questions_per_minute: int = Field(
        default=300, ge=1, description="different comments that are told for questions or not"
    )
    slow_ms: int = Field(
        default=4000, ge=1000, description="lag from which less of the picture is taken in"
    )
    jump_ms: int = Field(
        default=3000, ge=500, description="a larger step of time stamps is a jump, not a pause"
    )
    max_pixels: int = Field(default=4096 * 2304, ge=1, description="larger pictures are left out")
    open_seconds: float = Field(default=15, gt=0, description="to connect to a server")
    read_seconds: float = Field(default=10, gt=0, description="silence, then it connects anew")
    stall_seconds: float = Field(default=3, gt=0, description="silence that is told of")
    undecodable_seconds: float = Field(
        default=30, gt=0, description="data of which nothing decodes, then it connects anew"
    )
    retry_seconds: float = Field(default=0.5, gt=0, description="first pause; it doubles")
    retry_cap_seconds: float = Field(default=15, gt=0, description="longest pause")
    give_up_seconds: float = Field(
        default=600, ge=0, description="without a connection, then the stream has ended"
    )
    pushed_image_bytes: int = Field(default=8 * MIB, ge=1, description="one pushed picture")
    pushed_images_per_second: float = Field(default=10, gt=0)
    pushed_sound_bytes: int = Field(default=4 * MIB, ge=1, description="one pushed piece of sound")
    pushed_waiting_bytes: int = Field(default=32 * MIB, ge=1, description="pieces not yet decoded")
    feed_line_chars: int = Field(default=4000, ge=80, description="one transcript or comment line")
    feed_rows: int = Field(default=2_000_000, ge=1, description="rows of one feed")
    feed_reorder_ms: int = Field(
        default=5000, ge=0, description="how late a row of a growing feed may come"
    )
    feed_poll_seconds: float = Field(default=0.25, gt=0, description="looks at a growing feed")


class Radar(Section):
    """How viewers' questions are gathered and answered ahead. Times are stream time."""

    rows_per_second: float = Field(
        default=3, gt=0, description="rows of a stream's log that tell how questions stand"
    )
    open_questions: int = Field(
        default=40, ge=1, description="questions that the host's sentences are held against"
    )
    answer_ms: int = Field(
        default=180_000, ge=0, description="after a question, in which a host's sentence answers it"
    )
    answer_odds: float = Field(
        default=0.5, ge=0, le=1, description="that a sentence answers, from which on it does"
    )
    again_ms: int = Field(
        default=60_000, ge=0, description="after an answer, from when on asking again opens it"
    )
    drafts: int = Field(
        default=3, ge=0, le=20, description="questions of the product on air answered ahead"
    )
    settle_seconds: float = Field(
        default=4, ge=0, description="a product is on air before the model is made ready for it"
    )


class Monitoring(Section):
    """What a host's speech is held against while they are on air."""

    jurisdictions: str | None = Field(
        default=None,
        description="CN, US, EU, platform, by comma; told from what is sold where if absent",
    )


class Recordings(Section):
    """How a recording is understood, to be cut."""

    max_seconds: int = Field(default=8 * 3600, ge=1, description="one recording")
    chunk_seconds: int = Field(
        default=120, ge=20, le=900, description="heard and stored at once; it ends in silence"
    )
    products: int = Field(default=200, ge=1, description="of a line-up that was not named")
    candidates: int = Field(default=6, ge=1, description="kept for a tag in each segment")
    keyframes: int = Field(default=120, ge=0, description="candidates that have a picture")


class Clips(Section):
    """How clips are arranged and rendered."""

    mend_rounds: int = Field(
        default=6, ge=0, description="arrangements anew without what a guard objected to"
    )
    encoder: str = Field(default="auto", description="auto, x264, or an encoder of ffmpeg")
    threads: int = Field(default_factory=_half_the_cores, ge=1, description="of ffmpeg")


class Events(Section):
    """How a broadcast is cut into events, and how these are captioned. Times are stream time."""

    decide_ms: int = Field(
        default=8000, ge=0, description="after a sentence was heard, whether it opened an event"
    )
    shortest_ms: int = Field(default=8000, ge=0, description="of an event, pauses aside")
    longest_ms: int = Field(default=180_000, ge=1000, description="of an event, to a sentence")
    silence_ms: int = Field(default=30_000, ge=1000, description="nobody speaks: the event is over")
    keyframes: int = Field(default=3, ge=0, le=8, description="kept for one event")
    caption_batch: int = Field(default=4, ge=1, le=16, description="events in one vision request")
    captions_waiting: int = Field(
        default=64, ge=1, description="events that wait for a vision model; the oldest goes"
    )
    caption_pixels: int = Field(default=512, ge=64, description="longer side of a picture sent")


class Highlights(Section):
    """How the moments of a recording are scored."""

    pld: bool = Field(
        default=False, description="take PLD-VHD's map of what is worth showing into the score"
    )


class Segmenting(Section):
    """How a recording is cut into the turns of its products."""

    shortest_ms: int = Field(
        default=180_000, ge=1000, description="of a turn; shorter ones need clearer borders"
    )
    longest_ms: int = Field(default=600_000, ge=1000, description="of a turn, likewise")
    length_cost: float = Field(
        default=2.5, ge=0, description="log-odds for each halving of, or once more than, these"
    )
    bias: float = Field(default=0.0, description="log-odds added to every border: more, and finer")


def read_settings() -> "Settings":
    """The settings of this environment.

    Raises:
        InvalidInput: a variable holds what its setting does not take.
    """
    try:
        return Settings()
    except ValidationError as error:
        wrong = error.errors(include_url=False)[0]
        place = "__".join(str(part) for part in wrong["loc"]).upper()
        name = place if place in ("DATABASE_URL", "QDRANT_URL") else f"LIVECUE_{place}"
        raise InvalidInput(f"{name}: {wrong['msg']}.", hint=f"Correct or unset {name}.") from error
    except SettingsError as error:
        raise InvalidInput(f"{error}.", hint="Its value has to be JSON.") from error


class Settings(BaseSettings):
    """Everything that the environment decides."""

    model_config = SettingsConfigDict(
        env_prefix="LIVECUE_",
        env_nested_delimiter="__",
        frozen=True,
        extra="ignore",
        populate_by_name=True,
    )

    home: Path = Path("~/.local/share/livecue")
    models: Path = Path("~/.cache/livecue")
    model_sources: tuple[Path, ...] = Field(
        default=(), description="folders or files to take model files from before fetching"
    )
    host: str = "127.0.0.1"
    port: int = Field(default=8765, ge=0, le=65535)

    chat: Endpoint = Endpoint()
    vision: Endpoint = Endpoint()
    embedding: Endpoint = Endpoint()
    asr: Endpoint = Endpoint()
    llm: EmbeddedLlm = EmbeddedLlm()

    database_url: SecretStr | None = Field(
        default=None, validation_alias=AliasChoices("DATABASE_URL", "database_url")
    )
    qdrant_url: str | None = Field(
        default=None, validation_alias=AliasChoices("QDRANT_URL", "qdrant_url")
    )
    qdrant_api_key: SecretStr | None = Field(
        default=None, validation_alias=AliasChoices("QDRANT_API_KEY", "qdrant_api_key")
    )

    threads: Threads = Field(default_factory=Threads)
    limits: Limits = Limits()
    fetching: Fetching = Fetching()
    jobs: Jobs = Jobs()
    answering: Answering = Answering()
    preparing: Preparing = Preparing()
    streaming: Streaming = Streaming()
    events: Events = Events()
    radar: Radar = Radar()
    monitoring: Monitoring = Monitoring()
    recordings: Recordings = Recordings()
    highlights: Highlights = Highlights()
    clips: Clips = Field(default_factory=Clips)
    segmenting: Segmenting = Segmenting()

    log_level: Literal["debug", "info", "warning", "error"] = "info"
    log_format: Literal["console", "json"] = "console"
    eval_data: Path | None = None

    @property
    def home_path(self) -> Path:
        """The state folder, absolute."""
        return self.home.expanduser().absolute()

    @property
    def models_path(self) -> Path:
        """The folder of model files, absolute."""
        return self.models.expanduser().absolute()
