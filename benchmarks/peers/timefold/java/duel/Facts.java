package duel;

import java.util.ArrayList;
import java.util.List;

/** All that is fixed about a request. It is never copied, which keeps copies of a plan small. */
final class Facts {
    final String id;
    final Circle group;
    final Circle department;
    final int leave;
    final boolean must;
    final boolean pinned;
    final int first;
    final Choice[] byDay;
    final List<Day> days;
    final int most;
    final boolean marked;

    Facts(
            String id,
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
        int units = 0;
        boolean marks = false;
        for (Choice choice : choices) {
            byDay[choice.day().number() - first] = choice;
            days.add(choice.day());
            units = Math.max(units, choice.units());
            marks |= !choice.marks().isEmpty();
        }
        most = units;
        marked = marks;
    }
}
