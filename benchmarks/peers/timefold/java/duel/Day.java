package duel;

/** A day of the horizon by its number: the planning value. */
public record Day(int number) {
    @Override
    public String toString() {
        return Integer.toString(number);
    }
}
