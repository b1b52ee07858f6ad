"""The ASGI app (`server:app`), and `make run`'s entry."""

from api.app import create_app
from api.serving import main
from domain.settings import Settings

app = create_app(Settings())

if __name__ == "__main__":
    main()
