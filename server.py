"""The ASGI app (`server:app`), and `make run`'s entry."""

from api.serving import main

if __name__ == "__main__":
    main()
else:
    from api.app import create_app
    from domain.settings import read_settings

    app = create_app(read_settings())
