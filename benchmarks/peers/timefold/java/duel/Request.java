package duel;

import ai.timefold.solver.core.api.domain.entity.PlanningEntity;
import ai.timefold.solver.core.api.domain.lookup.PlanningId;
import ai.timefold.solver.core.api.domain.valuerange.ValueRangeProvider;
import ai.timefold.solver.core.api.domain.variable.PlanningVariable;
import java.util.List;

/** A request: the planning entity. It has a day or none. */
@PlanningEntity(difficultyComparatorClass = Difficulty.class)
public class Request {
    private Facts facts;

    @PlanningVariable(valueRangeProviderRefs = "days", allowsUnassigned = true)
    private Day day;

    public Request() {}

    Request(Facts facts, Day day) {
        this.facts = facts;
        this.day = day;
    }

    /** The same request for another plan, which may give it another day. */
    Request copy() {
        return new Request(facts, day);
    }

    private Choice chosen() {
        return facts.byDay[day.number() - facts.first];
    }

    /** Whether it may have that day. */
    public boolean allows(Day other) {
        int place = other.number() - facts.first;
        return place >= 0 && place < facts.byDay.length && facts.byDay[place] != null;
    }

    public boolean unplaced() {
        return day == null;
    }

    public int points() {
        return chosen().points();
    }

    public int units() {
        return chosen().units();
    }

    public Bin bin() {
        return chosen().bin();
    }

    public Visit visit() {
        return chosen().visit();
    }

    public List<Mark> marks() {
        return chosen().marks();
    }

    public boolean marked() {
        return facts.marked;
    }

    /** Whether more departments may want to come at once than are let in. */
    public boolean crowded() {
        return facts.group.size() > facts.byDay[0].visit().most();
    }

    public int leave() {
        return facts.leave;
    }

    public boolean must() {
        return facts.must;
    }

    public boolean pinned() {
        return facts.pinned;
    }

    /** The requests of its department, itself among them: they share its days' capacity. */
    public Circle department() {
        return facts.department;
    }

    /** The requests of its enterprise and party, itself among them: they may share visits. */
    public Circle group() {
        return facts.group;
    }

    /** The most units it can take: large ones are harder to place. */
    public int most() {
        return facts.most;
    }

    @PlanningId
    public String getId() {
        return facts.id;
    }

    @ValueRangeProvider(id = "days")
    public List<Day> getDays() {
        return facts.days;
    }

    public Day getDay() {
        return day;
    }

    public void setDay(Day day) {
        this.day = day;
    }

    @Override
    public String toString() {
        return facts.id;
    }
}
