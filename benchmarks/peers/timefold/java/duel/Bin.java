package duel;

/** A department on a day. Equal only to itself, which makes it a fast key. */
public final class Bin {
    private final int units;

    public Bin(int units) {
        this.units = units;
    }

    /** How many units are over when so many are taken; 0 if they fit. */
    public int over(int taken) {
        return Math.max(0, taken - units);
    }
}
