package duel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A CSV with a header line, read row by row; a table that is not there has no rows. */
final class Table {
    private final Map<String, Integer> columns = new HashMap<>();
    private final List<List<String>> rows = new ArrayList<>();
    private List<String> row;

    Table(Path file) throws IOException {
        if (!Files.exists(file)) {
            return;
        }
        List<List<String>> all = parsed(Files.readString(file));
        List<String> header = all.get(0);
        for (int column = 0; column < header.size(); column++) {
            columns.put(header.get(column), column);
        }
        rows.addAll(all.subList(1, all.size()));
    }

    int size() {
        return rows.size();
    }

    void go(int number) {
        row = rows.get(number);
    }

    String text(String column) {
        Integer place = columns.get(column);
        return place == null ? "" : row.get(place);
    }

    int number(String column, int otherwise) {
        String text = text(column);
        return text.isEmpty() ? otherwise : Integer.parseInt(text);
    }

    /** The text as a field of a CSV. */
    static String quoted(String text) {
        return '"' + text.replace("\"", "\"\"") + '"';
    }

    private static List<List<String>> parsed(String text) {
        List<List<String>> all = new ArrayList<>();
        List<String> fields = new ArrayList<>();
        StringBuilder field = new StringBuilder();
        boolean quoted = false;
        for (int place = 0; place < text.length(); place++) {
            char sign = text.charAt(place);
            if (quoted) {
                if (sign != '"') {
                    field.append(sign);
                } else if (place + 1 < text.length() && text.charAt(place + 1) == '"') {
                    field.append('"');
                    place++;
                } else {
                    quoted = false;
                }
            } else if (sign == '"') {
                quoted = true;
            } else if (sign == ',' || sign == '\n') {
                fields.add(field.toString());
                field.setLength(0);
                if (sign == '\n') {
                    all.add(fields);
                    fields = new ArrayList<>();
                }
            } else if (sign != '\r') {
                field.append(sign);
            }
        }
        if (field.length() > 0 || !fields.isEmpty()) {
            fields.add(field.toString());
            all.add(fields);
        }
        return all;
    }
}
