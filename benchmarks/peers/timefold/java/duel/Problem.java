package duel;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads the tables of a problem folder into requests; those without a day are left out. */
final class Problem {
    private record At(Object what, int day) {}

    private record Named(Object one, Object other) {}

    private record Membership(Cap cap, String name, boolean entries, boolean[] days) {}

    private record Part(int day, int points, int units) {}

    private final Path folder;
    private final int entry;
    private final int unplaced;
    private final int most;
    private final List<Day> days = new ArrayList<>();
    private final Map<At, Bin> bins = new HashMap<>();
    private final Map<At, Integer> prices = new HashMap<>();
    private final Map<String, List<Membership>> memberships = new HashMap<>();
    private final Map<Named, Circle> groups = new HashMap<>();
    private final Map<At, Visit> visits = new HashMap<>();
    private final Map<String, Circle> departments = new HashMap<>();
    private final Map<Named, Mark> marks = new HashMap<>();
    private final List<Request> requests = new ArrayList<>();

    Problem(Path folder, int entry, int unplaced, int most) throws IOException {
        this.folder = folder;
        this.entry = entry;
        this.unplaced = unplaced;
        this.most = most;
        readCapacities();
        readVisits();
        readCaps();
        readRequests();
    }

    List<Request> requests() {
        return requests;
    }

    private Day day(int number) {
        while (days.size() <= number) {
            days.add(new Day(days.size()));
        }
        return days.get(number);
    }

    private void readCapacities() throws IOException {
        Table table = new Table(folder.resolve("capacities.csv"));
        for (int row = 0; row < table.size(); row++) {
            table.go(row);
            At at = new At(table.text("department"), table.number("day", 0));
            bins.put(at, new Bin(table.number("units", 0)));
        }
    }

    private void readVisits() throws IOException {
        Table table = new Table(folder.resolve("visits.csv"));
        for (int row = 0; row < table.size(); row++) {
            table.go(row);
            Named named = new Named(table.text("enterprise"), table.text("party"));
            prices.put(new At(named, table.number("day", 0)), table.number("points", 0));
        }
    }

    private void readCaps() throws IOException {
        Table table = new Table(folder.resolve("caps.csv"));
        Map<String, Cap> caps = new HashMap<>();
        Map<String, Boolean> entries = new HashMap<>();
        for (int row = 0; row < table.size(); row++) {
            table.go(row);
            caps.put(table.text("cap"), new Cap(table.number("room", 0)));
            entries.put(table.text("cap"), table.text("counts").equals("entry"));
        }
        Table members = new Table(folder.resolve("cap_members.csv"));
        for (int row = 0; row < members.size(); row++) {
            members.go(row);
            String name = members.text("cap");
            boolean[] on = null;
            if (!members.text("days").isEmpty()) {
                List<Part> parts = parts(members.text("days"), 0);
                on = new boolean[parts.stream().mapToInt(Part::day).max().orElse(0) + 1];
                for (Part part : parts) {
                    on[part.day()] = true;
                }
            }
            memberships
                    .computeIfAbsent(members.text("request"), key -> new ArrayList<>())
                    .add(new Membership(caps.get(name), name, entries.get(name), on));
        }
    }

    private void readRequests() throws IOException {
        Table table = new Table(folder.resolve("requests.csv"));
        for (int row = 0; row < table.size(); row++) {
            table.go(row);
            int pinned = table.number("pinned", -1);
            Named owner = new Named(table.text("enterprise"), table.text("party"));
            String department = table.text("department");
            List<Choice> choices = new ArrayList<>();
            for (Part part : parts(table.text("choices"), table.number("duration", 1))) {
                if (pinned < 0 || pinned == part.day()) {
                    choices.add(choice(table, owner, department, part));
                }
            }
            if (choices.isEmpty()) {
                continue;
            }
            choices.sort((left, right) -> left.day().number() - right.day().number());
            Circle group = groups.computeIfAbsent(owner, key -> new Circle());
            Circle home = departments.computeIfAbsent(department, key -> new Circle());
            group.add(requests.size());
            home.add(requests.size());
            Facts facts =
                    new Facts(
                            table.text("id"),
                            group,
                            home,
                            table.number("unplaced", unplaced),
                            table.number("must", 0) == 1,
                            pinned >= 0,
                            choices);
            requests.add(new Request(facts, null));
        }
    }

    private Choice choice(Table table, Named owner, String department, Part part) {
        int number = part.day();
        At place = new At(department, number);
        Bin bin = bins.computeIfAbsent(place, key -> new Bin(0));
        At visit = new At(owner, number);
        return new Choice(
                day(number),
                part.points(),
                part.units(),
                bin,
                visits.computeIfAbsent(
                        visit, key -> new Visit(prices.getOrDefault(visit, entry), most)),
                marks(table, owner, department, number));
    }

    private List<Mark> marks(Table table, Named owner, String department, int day) {
        List<Mark> found = new ArrayList<>();
        for (Membership member : memberships.getOrDefault(table.text("id"), List.of())) {
            if (member.days() == null || day < member.days().length && member.days()[day]) {
                Object what =
                        member.entries() ? owner : new Named(department, table.text("enterprise"));
                Named key = new Named(member.name(), new At(what, day));
                found.add(marks.computeIfAbsent(key, made -> new Mark(member.cap())));
            }
        }
        return found;
    }

    /** Parts `DAY` or `FIRST-LAST`, then `:POINTS`, then `:UNITS`. */
    private static List<Part> parts(String text, int duration) {
        List<Part> found = new ArrayList<>();
        for (String part : text.strip().split(" +")) {
            if (part.isEmpty()) {
                continue;
            }
            String[] fields = part.split(":", -1);
            int points = fields.length > 1 && !fields[1].isEmpty() ? Integer.parseInt(fields[1]) : 0;
            int units =
                    fields.length > 2 && !fields[2].isEmpty() ? Integer.parseInt(fields[2]) : duration;
            int dash = fields[0].indexOf('-');
            int first = Integer.parseInt(dash < 0 ? fields[0] : fields[0].substring(0, dash));
            int last = dash < 0 ? first : Integer.parseInt(fields[0].substring(dash + 1));
            for (int day = first; day <= last; day++) {
                found.add(new Part(day, points, units));
            }
        }
        return found;
    }
}
