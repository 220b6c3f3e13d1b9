"""Registers as neighbour systems write them: departments, items, officers, enterprises, and the baseline year."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter
from pydantic import Field

from portal.http.changing import CHANGE, Asks, there
from portal.http.limits import StrictRoute
from portal.http.views import EnterpriseView, OfficerView, enterprise_view, officer_view
from portal.permissions import Action
from scheduler import keys
from schemas import commands as c
from schemas.base import Count, Frozen, Id, Personal
from schemas.registry import Department, Enterprise, Item, Officer

router = APIRouter(tags=["registers 名录"], route_class=StrictRoute)


class OfficerBody(Frozen):
    """An officer's record; the telephone number is kept sealed and shown to nobody here."""

    officer: Officer
    phone: Personal | None = None


class EnterpriseBody(Frozen):
    """An enterprise's record; its contact is kept sealed. Gradings and marks have their own ways in."""

    enterprise: Enterprise
    contact_name: Personal | None = None
    contact_phone: Personal | None = None


class BaselineBody(Frozen):
    """A department's entries of a year by month, and how well they are known."""

    department: Id
    year: Count
    by_month: tuple[Count, ...] = Field(min_length=12, max_length=12)
    evidence: Literal["registered", "reported", "estimated", "generated"]


@router.post("/departments", status_code=201, responses=CHANGE)
async def put_department(asks: Asks, body: Department) -> Department:
    """登记部门 / put a department on record, or change its record."""
    await asks.change(Action.REGISTER_KEEP, c.RegisterDepartment(department=body))
    found = await asks.stands.service.queries.get(Department, keys.department(body.id))
    return there(found, body.id)


@router.post("/items", status_code=201, responses=CHANGE)
async def put_item(asks: Asks, body: Item) -> Item:
    """公布检查事项 / publish an inspection item or an edition of it; ``published: false`` withdraws it."""
    await asks.change(Action.REGISTER_KEEP, c.PublishItem(item=body))
    return there(await asks.stands.service.queries.get(Item, keys.item(body.id)), body.id)


@router.post("/officers", status_code=201, responses=CHANGE)
async def put_officer(asks: Asks, body: OfficerBody) -> OfficerView:
    """登记执法人员 / put an officer on record, or change the record."""
    command = c.RegisterOfficer(officer=body.officer, phone=body.phone)
    await asks.change(Action.REGISTER_KEEP, command)
    found = await asks.stands.service.queries.get(Officer, keys.officer(body.officer.id))
    return officer_view(there(found, body.officer.id))


@router.post("/enterprises", status_code=201, responses=CHANGE)
async def put_enterprise(asks: Asks, body: EnterpriseBody) -> EnterpriseView:
    """登记企业 / put an enterprise on record, or change its record."""
    command = c.RegisterEnterprise(
        enterprise=body.enterprise,
        contact_name=body.contact_name,
        contact_phone=body.contact_phone,
    )
    await asks.change(Action.REGISTER_KEEP, command)
    found = await asks.stands.service.queries.get(Enterprise, keys.enterprise(body.enterprise.id))
    return enterprise_view(there(found, body.enterprise.id))


@router.post("/baselines", status_code=201, responses=CHANGE)
async def put_baseline(asks: Asks, body: BaselineBody) -> BaselineBody:
    """登记基准年 / put a department's baseline year on record, with its grade of evidence."""
    await asks.change(Action.REGISTER_KEEP, c.RecordBaseline(**body.model_dump()))
    return body
