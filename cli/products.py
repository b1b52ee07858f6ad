"""`livecue product`: intake and catalog."""

from pathlib import Path
from typing import Annotated, Any

import typer

from cli import records
from cli.record_view import print_record
from cli.session import AsJson, follow_job, print_json, raise_if_failed, say, session
from domain.errors import InvalidInput, LivecueError
from tools.sources import READ_KINDS

app = typer.Typer(help="Product records: add material, look, approve.", no_args_is_help=True)
app.command("correct")(records.correct)
app.command("resolve")(records.resolve)
app.command("diff")(records.diff)
app.command("versions")(records.versions)
app.command("export")(records.export)
app.command("import")(records.import_)

_ADDRESSES = ("http://", "https://")

SeenVersion = Annotated[
    int | None, typer.Option(min=1, help="The version looked at; refused when another one waits.")
]


def find_files(paths: list[Path]) -> list[tuple[Path, str]]:
    """Files under `paths` with the names they go by: a folder's files keep their place in it.

    Hidden files are passed over.

    Raises:
        InvalidInput: a path is not there, or holds no file.
    """
    found: list[tuple[Path, str]] = []
    for path in paths:
        if path.is_dir():
            inside = [
                p
                for p in sorted(path.rglob("*"))
                if p.is_file() and not any(x.startswith(".") for x in p.relative_to(path).parts)
            ]
            found += [(p, p.relative_to(path).as_posix()) for p in inside]
        elif path.is_file():
            found.append((path, path.name))
        else:
            raise InvalidInput(f"{path} is not there", hint="check the path")
    if not found:
        raise InvalidInput(
            f"no file in {', '.join(map(str, paths))}", hint=f"Livecue reads {READ_KINDS}."
        )
    return found


def unreadable(path: Path, error: OSError) -> InvalidInput:
    """The error of a file that is there and cannot be read."""
    return InvalidInput(f"{path} cannot be read: {error.strerror}", hint="check its permissions")


@app.command("add")
def add(
    paths: Annotated[
        list[str], typer.Argument(help="Files, folders and web addresses of product material.")
    ],
    name: Annotated[
        str | None, typer.Option(help="The material is about this one product.")
    ] = None,
    ident: Annotated[
        str | None, typer.Option("--id", help="A new version of this product.")
    ] = None,
    approve: Annotated[bool, typer.Option("--approve", help="Publish at once.")] = False,
    as_json: AsJson = False,
) -> None:
    """Turn material into product records with evidence."""
    addresses = [path for path in paths if path.lower().startswith(_ADDRESSES)]
    local = [Path(path) for path in paths if path not in addresses]
    files: list[tuple[Path | str, str]] = [(address, address) for address in addresses]
    files += find_files(local) if local else []
    with session() as client:
        uploads: list[str] = []
        failed: list[dict[str, Any]] = []
        for path, shown in files:
            try:
                uploads.append(_upload(client, path, shown))
            except LivecueError as error:
                failed.append({"file": shown, "status": "failed", "error": error.as_dict()})
        if not uploads:
            reasons = "; ".join(item["error"]["message"] for item in failed)
            raise InvalidInput(
                f"none of the files can be used: {reasons}",
                hint=failed[0]["error"]["hint"],
            )
        body = {"uploads": uploads, "name": name, "product_id": ident, "approve": approve}
        job = client.request("POST", "/api/v1/intakes", body=body)
        say(f"job {job['job_id']}")
        job = follow_job(client, job["job_id"])
        raise_if_failed(job)
        result = job["result"]
        sources = [*result["sources"], *failed]
        summary = {
            "job_id": job["job_id"],
            "products": result["products"],
            "sources": sources,
            "copies": result["copies"],
        }
        if as_json:
            print_json(summary)
        else:
            for product in result["products"]:
                print_record(client.request("GET", f"/api/v1/products/{product['product_id']}"))
            waiting = [p for p in result["products"] if p["status"] == "awaiting_approval"]
            for product in waiting:
                say(f"look it over, then: livecue product approve {product['product_id']}")
    bad = [source for source in sources if source["status"] == "failed"]
    for source in bad:
        say(f"{source['file']}: {source['error']['message']} {source['error']['hint']}")
    if bad:
        raise typer.Exit(1)


def _upload(client: Any, path: Path | str, shown: str) -> str:  # noqa: ANN401
    """Send a file, or have the owner of the home fetch a web address."""
    if isinstance(path, str):
        return client.request("POST", "/api/v1/uploads/url", body={"url": path})["upload_id"]
    try:
        return client.upload(path, shown)["upload_id"]
    except OSError as error:
        raise unreadable(path, error) from error


@app.command("list")
def list_products(
    limit: Annotated[int | None, typer.Option(min=1, max=1000, help="All by default.")] = None,
    cursor: Annotated[str | None, typer.Option(help="`next_cursor` of the page before.")] = None,
    as_json: AsJson = False,
) -> None:
    """Every product with its status."""
    with session() as client:
        found = client.request("GET", "/api/v1/products", params={"limit": limit, "cursor": cursor})
    if as_json:
        print_json(found)
        return
    for product in found["products"]:
        print(
            f"{product['product_id']:<28} v{product['version']:<3} {product['status']:<18} "
            f"{product['name']}"
        )
    if found["next_cursor"]:
        say(f"more: livecue product list --limit {limit} --cursor {found['next_cursor']}")


@app.command("show")
def show(product_id: str, version: int | None = None, as_json: AsJson = False) -> None:
    """A record, each value with its evidence."""
    with session() as client:
        document = client.request(
            "GET", f"/api/v1/products/{product_id}", params={"version": version}
        )
    if as_json:
        print_json(document)
    else:
        print_record(document)


@app.command("search")
def search(words: list[str], limit: int = 10, as_json: AsJson = False) -> None:
    """Published products by words and meaning, in any language."""
    with session() as client:
        found = client.request(
            "GET", "/api/v1/products/search", params={"q": " ".join(words), "limit": limit}
        )
    if as_json:
        print_json(found)
        return
    for hit in found["results"]:
        print(f"{hit['product_id']:<28} {hit['score']:.2f}  {hit['name']}: {hit['text']}")


@app.command("approve")
def approve(product_id: str, version: SeenVersion = None, as_json: AsJson = False) -> None:
    """Publish the version that waits: viewers are answered from it from now on."""
    _decide(product_id, "approve", version, as_json=as_json)


@app.command("reject")
def reject(product_id: str, version: SeenVersion = None, as_json: AsJson = False) -> None:
    """Refuse the version that waits; what is published stays."""
    _decide(product_id, "reject", version, as_json=as_json)


def _decide(product_id: str, verb: str, version: int | None, *, as_json: bool) -> None:
    with session() as client:
        document = client.request(
            "POST", f"/api/v1/products/{product_id}/{verb}", params={"version": version}
        )
    if as_json:
        print_json(
            {"product_id": product_id, "version": document["version"], "status": document["status"]}
        )
    else:
        print(f"{product_id} version {document['version']}: {document['status']}")


@app.command("rm")
def remove(product_id: str, as_json: AsJson = False) -> None:
    """Remove a product with all its versions."""
    with session() as client:
        client.request("DELETE", f"/api/v1/products/{product_id}")
    if as_json:
        print_json({"removed": product_id})
    else:
        print(f"{product_id} removed")
