"""The console at `/`: the built files of `web/`."""

from pathlib import Path

from fastapi import FastAPI
from fastapi.responses import FileResponse, HTMLResponse
from fastapi.staticfiles import StaticFiles

_DIST = Path(__file__).resolve().parent.parent / "web" / "dist"
_NOT_BUILT = """<!doctype html><meta charset="utf-8"><title>Livecue</title>
<p>The console is not built. <code>make run</code> builds it; then reload.</p>
<p>The API is at <a href="/docs">/docs</a>.</p>"""


def install(app: FastAPI) -> None:
    """Serve the console, or say how to build it."""

    @app.get("/", include_in_schema=False, response_model=None)
    def index() -> FileResponse | HTMLResponse:
        if not (_DIST / "index.html").is_file():
            return HTMLResponse(_NOT_BUILT, status_code=503)
        return FileResponse(_DIST / "index.html", headers={"Cache-Control": "no-cache"})

    app.mount("/assets", StaticFiles(directory=_DIST / "assets", check_dir=False), name="assets")
