package duel;

import ai.timefold.solver.core.api.domain.entity.PlanningEntity;
import ai.timefold.solver.core.api.domain.lookup.PlanningId;
import ai.timefold.solver.core.api.domain.valuerange.ValueRangeProvider;
import ai.timefold.solver.core.api.domain.variable.PlanningVariable;
import java.util.ArrayList;
import java.util.List;

/** A request: the planning entity. It has a day or none. */
@PlanningEntity(difficultyComparatorClass = Difficulty.class)
public class Request {
    private String id;
    private Circle group;
    private Circle department;
    private int leave;
    private boolean must;
    private boolean pinned;
    private int most;
    private boolean marked;
    private int first;
    private Choice[] byDay;
    private List<Day> days;

    @PlanningVariable(valueRangeProviderRefs = "days", allowsUnassigned = true)
    private Day day;

    public Request() {}

    public Request(
            String id,
            int place,
            Circle group,
            Circle department,
            int leave,
            boolean must,
            boolean pinned,
            List<Choice> choices) {
        this.id = id;
        this.group = group;
        this.department = department;
        this.leave = leave;
        this.must = must;
        this.pinned = pinned;
        first = choices.get(0).day().number();
        byDay = new Choice[choices.get(choices.size() - 1).day().number() - first + 1];
        days = new ArrayList<>(choices.size());
        for (Choice choice : choices) {
            byDay[choice.day().number() - first] = choice;
            days.add(choice.day());
            most = Math.max(most, choice.units());
            marked |= !choice.marks().isEmpty();
        }
        group.add(place);
        department.add(place);
    }

    private Choice chosen() {
        return byDay[day.number() - first];
    }

    /** Whether it may have that day. */
    public boolean allows(Day other) {
        int place = other.number() - first;
        return place >= 0 && place < byDay.length && byDay[place] != null;
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
        return marked;
    }

    /** Whether more departments may want to come at once than are let in. */
    public boolean crowded() {
        return group.size() > byDay[0].visit().most();
    }

    public int leave() {
        return leave;
    }

    public boolean must() {
        return must;
    }

    public boolean pinned() {
        return pinned;
    }

    /** The requests of its department, itself among them: they share its days' capacity. */
    public Circle department() {
        return department;
    }

    /** The requests of its enterprise and party, itself among them: they may share visits. */
    public Circle group() {
        return group;
    }

    /** The most units it can take: large ones are harder to place. */
    public int most() {
        return most;
    }

    @PlanningId
    public String getId() {
        return id;
    }

    @ValueRangeProvider(id = "days")
    public List<Day> getDays() {
        return days;
    }

    public Day getDay() {
        return day;
    }

    public void setDay(Day day) {
        this.day = day;
    }

    @Override
    public String toString() {
        return id;
    }
}
