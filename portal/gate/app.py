"""The gate's application: the verdict and the rating, over a store of its own and nothing else."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Annotated, Final

import structlog
from fastapi import APIRouter, Depends, FastAPI, Request, Response
from fastapi.responses import RedirectResponse
from starlette.exceptions import HTTPException

from portal.gate.desk import Desk, NotReadyError, RatingDesk
from portal.gate.store import FullError, GateStore
from portal.http.headers import SAFE
from portal.http.limits import BodyLimit
from portal.http.problems import ProblemError, language, not_found
from portal.pages.concerns import reported
from portal.pages.forms import Form
from portal.pages.frame import asset_file
from portal.pages.gatepages import LANGUAGE, Counter, given, not_flooding, typed
from portal.pages.language import chosen
from portal.pages.limiter import Limiter
from portal.pages.reportpages import MOST_REPORTS, report_form, report_receipt
from streams.clock import SystemClock
from streams.ports import Clock

_ASSETS: Final = frozenset({"gate.css", "icon.svg"})
_FOR_EVER: Final = "public, max-age=31536000, immutable"
_YEAR: Final = 31_536_000
_log = structlog.get_logger("wurao.gate")
router = APIRouter()


def create_gate(store: GateStore, clock: Clock | None = None, *, secure: bool = False) -> FastAPI:
    """Return the gate on an open store; ``secure`` where people reach it encrypted."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    app.state.desk = Desk(store)
    app.state.clock = clock or SystemClock()
    app.state.limiter = Limiter(240, timedelta(minutes=1))
    app.state.reports = Limiter(MOST_REPORTS, timedelta(hours=1))
    app.state.secure = secure
    app.include_router(router)
    app.add_middleware(BodyLimit)
    app.middleware("http")(_guarded)
    app.add_exception_handler(HTTPException, _problem)
    app.add_exception_handler(NotReadyError, _not_ready)
    app.add_exception_handler(FullError, _full)
    app.add_exception_handler(Exception, _failed)
    return app


def _counter(request: Request) -> Counter:
    spoken = chosen(
        request.cookies.get(LANGUAGE), language(request.headers.get("accept-language", ""))
    )
    return Counter(spoken, request.url.path, request.app.state.clock.now())


def _desk(request: Request) -> Desk:
    """Return the desk, to who does not come too often.

    Raises:
        ProblemError: If this address asked too often of late.
    """
    not_flooding(request.app.state.limiter, request, request.app.state.clock.now())
    desk: Desk = request.app.state.desk
    return desk


Shown = Annotated[Counter, Depends(_counter)]
AtDesk = Annotated[Desk, Depends(_desk)]
Filled = Annotated[Form, Depends(Form.read)]


@router.get("/")
def home() -> Response:
    """Lead to where a code is typed."""
    return RedirectResponse("/q", 303)


@router.get("/q")
def ask_code(counter: Shown, code: str = "") -> Response:
    """核验 / type a code where no camera is at hand."""
    return RedirectResponse(typed(code), 303) if code.strip() else counter.ask()


@router.get("/q/{code}")
def scan(desk: AtDesk, counter: Shown, code: str) -> Response:
    """扫码核验 / a big plain verdict on a visit code."""
    return counter.verdict(desk.verdict(code, counter.now))


@router.get("/q/{code}/problem")
def ask_report(counter: Shown, code: str) -> Response:
    """反映问题 / say what is wrong with a visit whose code was scanned, genuine or not."""
    del code  # it stands in the address, to which the form goes
    return report_form(counter)


@router.post("/q/{code}/problem")
def report(request: Request, desk: AtDesk, counter: Shown, code: str, form: Filled) -> Response:
    """Take the report, and give a receipt. Nobody is logged in, nobody need be named."""
    found = reported(form, code)
    if found is None:
        return report_form(counter, fault=True)
    not_flooding(request.app.state.reports, request, counter.now)
    desk.report(found, counter.now)
    return RedirectResponse(f"/q/receipts/{found.number}", 303)


@router.get("/q/receipts/{number}")
def receipt(counter: Shown, number: str) -> Response:
    """回执 / the number of a report, to ask the office by."""
    return report_receipt(counter, number)


@router.get("/r/{token}")
def rating(desk: AtDesk, counter: Shown, token: str) -> Response:
    """评价 / rate the visit that the token is for; afterwards the receipt."""
    found = _known(desk, token)
    return counter.rating(token, found.stage, found.face)


@router.post("/r/{token}")
def rate(desk: AtDesk, counter: Shown, token: str, form: Filled) -> Response:
    """Take the rating. The token is the proof: nobody is logged in, nobody is named."""
    found = _known(desk, token)
    said = given(form)
    if said is None:
        return counter.rating(token, found.stage, found.face, fault=True)
    if found.stage == "open":
        desk.rate(found, token, said, counter.now)
    return RedirectResponse(f"/r/{token}", 303)


def _known(desk: Desk, token: str) -> RatingDesk:
    found = desk.rating(token)
    if found is None:
        # The token may be newer than the snapshot: the gate cannot tell it from a wrong one.
        said = (
            "还没有查到这个评价链接，请从收到的通知打开，或过一天再试",
            "this rating link is not known here yet; open it from the notice, or try again in a day",
        )
        raise ProblemError(404, "token-unknown", said)
    return found


@router.get("/language/{lang}")
def speak(request: Request, lang: str, to: str = "/q") -> Response:
    """Choose the language of the pages."""
    if lang not in {"zh", "en"}:
        raise not_found(lang)
    own = to.startswith(("/q", "/r/")) and "\\" not in to
    answer = RedirectResponse(to if own else "/q", 303)
    secure: bool = request.app.state.secure
    answer.set_cookie(LANGUAGE, lang, max_age=_YEAR, httponly=True, samesite="lax", secure=secure)
    return answer


@router.get("/static/{name}")
def static(name: str) -> Response:
    """Return an asset of these pages; its address changes with its content."""
    found = asset_file(name) if name in _ASSETS else None
    if found is None:
        raise not_found()
    return Response(found[0], media_type=found[1], headers={"cache-control": _FOR_EVER})


@router.get("/healthz")
def health(request: Request) -> dict[str, object]:
    """Say that the gate runs, which snapshot it judges by, and how much waits for the ferry."""
    store: GateStore = request.app.state.desk.store
    return {"ok": True, "snapshot": store.number(), "made": store.made(), "waiting": store.depth()}


async def _guarded(request: Request, call: Callable[[Request], Awaitable[Response]]) -> Response:
    answer = await call(request)
    for name, value in SAFE.items():
        answer.headers.setdefault(name, value)
    return answer


def _told(request: Request, problem: ProblemError) -> Response:
    answer = _counter(request).show("gate-problem.html.j2", problem.status_code, said=problem.said)
    for name, value in (problem.headers or {}).items():
        answer.headers.setdefault(name, value)
    return answer


def _problem(request: Request, error: Exception) -> Response:
    if isinstance(error, ProblemError):
        return _told(request, error)
    status = error.status_code if isinstance(error, HTTPException) else 500
    found = not_found()
    return _told(request, found if status == found.status_code else _unread(status))


def _unread(status: int) -> ProblemError:
    return ProblemError(status, "bad-request", ("请求无法读取", "the request cannot be read"))


def _not_ready(request: Request, _: Exception) -> Response:
    said = ("还没有接到核验数据，请向 12345 核实", "no data to verify by yet; please ask 12345")
    return _told(request, ProblemError(503, "not-ready", said, headers={"retry-after": "600"}))


def _full(request: Request, _: Exception) -> Response:
    said = ("暂时收不下，请过几小时再来", "nothing more can be taken now; come again in some hours")
    return _told(request, ProblemError(503, "full", said, headers={"retry-after": "3600"}))


def _failed(request: Request, error: Exception) -> Response:
    """Tell nothing of the fault outside; the log has it, without the address: it holds a code."""
    _log.error("failed", fault=type(error).__name__)
    said = ("程序出错, 已记录", "the program failed; it is on record")
    return _told(request, ProblemError(500, "internal-fault", said))
