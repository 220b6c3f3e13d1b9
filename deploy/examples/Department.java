// A department's own system, in Java 17, without a build: it sends visit requests and follows its cases.
//
//     java -cp 'jars/*' Department.java --broker HOST:PORT --domain DOMAIN --department fire
//         --source fire-system --requests requests.jsonl --state state.properties
//
// and where the broker asks who comes also --ca kafka-ca --password-file password, or the variables KAFKA_CA and
// KAFKA_PASSWORD_FILE.
//
// The class path needs kafka-clients, slf4j-api and jackson-databind with what they bring; the folder
// that `wurao up` makes has them all. Nothing of Wurao's is needed. department.py says what makes such
// a system right; this one does the same.

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.StringJoiner;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

public final class Department {
    private static final ObjectMapper JSON = new ObjectMapper();

    public static void main(String[] words) throws Exception {
        Map<String, String> asked = arguments(words);
        String domain = asked.get("domain");
        String department = asked.get("department");
        String source = asked.get("source");
        Properties way = broker(asked);
        if (asked.containsKey("requests")) {
            Path file = Path.of(asked.get("requests"));
            List<ObjectNode> found = messages(file, source, department);
            String topic = "wurao." + domain + ".intake.requests." + source;
            System.out.println("sent " + send(way, topic, found));
        }
        Path state = Path.of(asked.getOrDefault("state", "state.properties"));
        double idle = Double.parseDouble(asked.getOrDefault("idle", "86400"));
        String cases = "wurao." + domain + ".cases." + department;
        follow(way, cases, new Places(state), Duration.ofMillis((long) (idle * 1000)));
    }

    /** Returns how the broker is reached: openly, or over TLS with the source's name and password. */
    static Properties broker(Map<String, String> asked) throws IOException {
        Properties way = new Properties();
        way.put("bootstrap.servers", asked.get("broker"));
        String ca = asked.getOrDefault("ca", System.getenv("KAFKA_CA"));
        if (ca != null) {
            String file = asked.getOrDefault("password-file", System.getenv("KAFKA_PASSWORD_FILE"));
            String password = Files.readString(Path.of(file)).strip();
            way.put("security.protocol", "SASL_SSL");
            way.put("ssl.truststore.type", "PEM");
            way.put("ssl.truststore.location", ca);
            way.put("sasl.mechanism", "SCRAM-SHA-512");
            way.put("sasl.jaas.config", "org.apache.kafka.common.security.scram.ScramLoginModule required username="
                + quoted(asked.get("source")) + " password=" + quoted(password) + ";");
        }
        return way;
    }

    static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    /** Returns the message of each line: the department's own number is the command's id. */
    static List<ObjectNode> messages(Path file, String source, String department) throws IOException {
        List<ObjectNode> found = new ArrayList<>();
        for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
            JsonNode record = JSON.readTree(line);
            ObjectNode envelope = JSON.createObjectNode();
            envelope.put("specversion", "1.0");
            envelope.set("id", record.get("id"));
            envelope.put("source", source);
            envelope.put("type", "cn.wurao.request.submit.v1");
            envelope.set("time", record.get("asked"));
            envelope.putObject("actor").put("id", source).put("role", "clerk").put("of", department);
            envelope.put("datacontenttype", "application/json");
            ObjectNode request = envelope.putObject("data").putObject("request");
            request.put("department", department);
            request.setAll((ObjectNode) record.get("request"));
            found.add(envelope);
        }
        return found;
    }

    /** Sends messages, each confirmed by the broker. */
    static int send(Properties way, String topic, List<ObjectNode> found) throws Exception {
        Properties settings = new Properties();
        settings.putAll(way);
        settings.put("acks", "all");
        settings.put("enable.idempotence", "true");
        var text = new StringSerializer();
        try (var producer = new KafkaProducer<>(settings, text, text)) {
            for (ObjectNode message : found) {
                String key = message.at("/data/request/enterprise").asText();
                producer.send(new ProducerRecord<>(topic, key, JSON.writeValueAsString(message))).get();
            }
        }
        return found.size();
    }

    /** Tells what becomes of the department's cases; ends when nothing came for so long. */
    static void follow(Properties way, String topic, Places places, Duration idle) throws IOException {
        Properties settings = new Properties();
        settings.putAll(way);
        settings.put("enable.auto.commit", "false");
        settings.put("auto.offset.reset", "earliest");
        settings.put("isolation.level", "read_committed");
        var text = new StringDeserializer();
        try (var consumer = new KafkaConsumer<>(settings, text, text)) {
            List<TopicPartition> partitions = new ArrayList<>();
            for (PartitionInfo info : consumer.partitionsFor(topic)) {
                partitions.add(new TopicPartition(topic, info.partition()));
            }
            consumer.assign(partitions);
            partitions.forEach(each -> consumer.seek(each, places.offset(each.partition())));
            ConsumerRecords<String, String> records;
            while (!(records = consumer.poll(idle)).isEmpty()) {
                for (ConsumerRecord<String, String> record : records) {
                    JsonNode entry = JSON.readTree(record.value());
                    String id = entry.get("id").asText();
                    if (places.isNew(id)) {
                        tell(entry);
                    }
                    places.keep(record.partition(), record.offset(), id);
                }
            }
        }
    }

    static void tell(JsonNode entry) {
        String when = entry.get("time").asText();
        System.out.println(when + "  " + entry.get("subject").asText() + "  " + story(entry));
    }

    /** Returns what a message says, in this system's words; what it does not know is named only. */
    static String story(JsonNode entry) {
        JsonNode data = entry.get("data");
        String type = entry.get("type").asText();
        return switch (type) {
            case "cn.wurao.request.accepted.v1" -> "accepted, waiting for " + data.get("approvals_needed");
            case "cn.wurao.request.refused.v1" -> "refused: " + rules(data.get("objections"));
            case "cn.wurao.request.decided.v1" ->
                "decided: " + data.at("/approval/decision").asText() + " by " + data.at("/approval/role").asText();
            case "cn.wurao.request.placed.v1" -> "placed on " + data.get("day").asText();
            case "cn.wurao.visit.published.v1", "cn.wurao.visit.arranged.v1" ->
                "visit on " + data.at("/line/day").asText() + ", led by " + data.at("/line/lead").asText();
            case "cn.wurao.visit.entered.v1" -> "entered";
            case "cn.wurao.visit.left.v1" -> "left";
            case "cn.wurao.visit.cancelled.v1" -> "called off";
            default -> type;
        };
    }

    static String rules(JsonNode objections) {
        StringJoiner codes = new StringJoiner(", ");
        objections.forEach(each -> codes.add(each.get("rule").asText()));
        return codes.toString();
    }

    static Map<String, String> arguments(String[] words) {
        Map<String, String> found = new HashMap<>();
        for (int n = 0; n + 1 < words.length; n += 2) {
            found.put(words[n].replaceFirst("^--", ""), words[n + 1]);
        }
        return found;
    }

    /** Where reading stopped: the next offset of each partition, and the messages told last. */
    static final class Places {
        private final Path file;
        private static final int REMEMBERED = 1000;
        private final Properties known = new Properties();
        private final Set<String> told = new LinkedHashSet<>();

        Places(Path file) throws IOException {
            this.file = file;
            if (Files.exists(file)) {
                try (Reader reader = Files.newBufferedReader(file)) {
                    known.load(reader);
                }
            }
            told.addAll(List.of(known.getProperty("told", "").split(",")));
        }

        long offset(int partition) {
            return Long.parseLong(known.getProperty(partition + ".offset", "0"));
        }

        /** Whether a message was not told before; a repetition follows soon or never. */
        boolean isNew(String id) {
            return !told.contains(id);
        }

        /** Keeps how far a partition was read; the file is replaced whole. */
        void keep(int partition, long offset, String id) throws IOException {
            if (told.add(id) && told.size() > REMEMBERED) {
                told.remove(told.iterator().next());
            }
            known.setProperty("told", String.join(",", told));
            known.setProperty(partition + ".offset", Long.toString(offset + 1));
            Path fresh = file.resolveSibling(file.getFileName() + ".new");
            try (Writer writer = Files.newBufferedWriter(fresh)) {
                known.store(writer, null);
            }
            Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
