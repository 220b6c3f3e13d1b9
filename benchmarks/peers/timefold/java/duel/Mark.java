package duel;

/** One thing that a cap counts: a presence or an entry. Equal only to itself. */
public final class Mark {
    private final Cap cap;

    public Mark(Cap cap) {
        this.cap = cap;
    }

    public Cap cap() {
        return cap;
    }
}
