package duel;

/** A cap: at most so many marks. Equal only to itself. */
public final class Cap {
    private final int room;

    public Cap(int room) {
        this.room = Math.max(0, room);
    }

    public int over(int marks) {
        return Math.max(0, marks - room);
    }
}
