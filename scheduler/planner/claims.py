"""A plan of the product as a claim about its problem, in the columns that the verifier judges."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import numpy as np

from scheduler.exchange.plan import NO_DAY, Plan, no_certificate
from scheduler.exchange.statement import Statement
from scheduler.planner.plan import Certificate


def claim_of(
    statement: Statement,
    days: Mapping[str, date],
    certificate: Certificate,
    *,
    objective: int,
    bound: int,
    entries: int,
) -> Plan:
    """Write a plan down beside the statement of its problem.

    Raises:
        KeyError: If it names a request, a department, a cap or a day that the statement does not have.
    """
    number = {day: at for at, day in enumerate(statement.days)}
    department = {name: at for at, name in enumerate(statement.departments)}
    request = {name: at for at, name in enumerate(statement.ids)}
    cap = {name: at for at, name in enumerate(statement.caps.names)}
    placed = np.full(statement.requests, NO_DAY, np.int32)
    for name, day in days.items():
        placed[request[name]] = number[day]
    prices = no_certificate(statement)
    tolls, budgets = prices.tolls.copy(), prices.budgets.copy()
    least, rebates = prices.least.copy(), prices.rebates.copy()
    for toll in certificate.tolls:
        tolls[department[toll.department], number[toll.day]] = toll.micro
    for budget in certificate.budgets:
        budgets[cap[budget.cap]] = budget.micro
    for short in certificate.shortfalls:
        least[department[short.department]] = short.least
        rebates[department[short.department]] = short.micro
    return Plan(
        problem="",
        day=placed,
        objective=objective,
        bound=bound,
        entries=entries,
        unplaced=statement.requests - len(days),
        seed=0,
        step=0,
        certificate=replace(prices, tolls=tolls, budgets=budgets, least=least, rebates=rebates),
    )
