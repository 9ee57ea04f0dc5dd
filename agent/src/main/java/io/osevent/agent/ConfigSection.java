package io.osevent.agent;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/** A mapping in the configuration file that knows where it stands, so that errors name line and key. */
final class ConfigSection {

    private final Path file;
    private final String path;
    private final Node node;
    private final Map<String, Node> values = new LinkedHashMap<>();

    ConfigSection(Path file, String path, Node node, Set<String> known) {
        this.file = file;
        this.path = path;
        this.node = node;
        if (!(node instanceof MappingNode mapping)) {
            throw error(node, path, "a mapping of keys and values belongs here");
        }
        for (NodeTuple tuple : mapping.getValue()) {
            String key = tuple.getKeyNode() instanceof ScalarNode scalar ? scalar.getValue() : "?";
            if (!known.contains(key)) {
                throw error(
                        tuple.getKeyNode(),
                        nameOf(key),
                        "no such key; known are "
                                + String.join(", ", known.stream().sorted().toList()));
            }
            if (values.put(key, tuple.getValueNode()) != null) {
                throw error(tuple.getKeyNode(), nameOf(key), "given twice");
            }
        }
    }

    boolean has(String key) {
        return values.containsKey(key);
    }

    <T> T get(String key, T otherwise, Function<String, T> parse) {
        Node value = values.get(key);
        return value == null ? otherwise : scalar(value, nameOf(key), parse);
    }

    <T> T require(String key, Function<String, T> parse) {
        if (!has(key)) {
            throw error(node, path.isEmpty() ? key : path, "the key '" + key + "' is missing");
        }
        return get(key, null, parse);
    }

    <T> List<T> list(String key, Function<String, T> parse) {
        List<T> all = new ArrayList<>();
        List<Node> items = items(key);
        for (int i = 0; i < items.size(); i++) {
            all.add(scalar(items.get(i), nameOf(key) + "[" + i + "]", parse));
        }
        return all;
    }

    List<ConfigSection> sections(String key, Set<String> known) {
        List<ConfigSection> all = new ArrayList<>();
        List<Node> items = items(key);
        for (int i = 0; i < items.size(); i++) {
            all.add(new ConfigSection(file, nameOf(key) + "[" + i + "]", items.get(i), known));
        }
        return all;
    }

    ConfigSection section(String key, Set<String> known) {
        return new ConfigSection(file, nameOf(key), values.get(key), known);
    }

    UserError errorAt(String key, String message) {
        return error(values.getOrDefault(key, node), nameOf(key), message);
    }

    private List<Node> items(String key) {
        Node value = values.get(key);
        if (value == null) {
            return List.of();
        }
        if (value instanceof SequenceNode sequence) {
            return sequence.getValue();
        }
        throw error(
                value,
                nameOf(key),
                "a list belongs here: each item with a hyphen, or as " + key + "[0]" + " in properties");
    }

    private <T> T scalar(Node value, String name, Function<String, T> parse) {
        if (!(value instanceof ScalarNode scalar)) {
            throw error(value, name, "a single value belongs here");
        }
        try {
            return parse.apply(scalar.getValue());
        } catch (IllegalArgumentException e) {
            throw error(value, name, e.getMessage());
        }
    }

    private String nameOf(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    private UserError error(Node where, String key, String message) {
        int line = where.getStartMark().getLine() + 1;
        return new UserError(UserError.USAGE, file + ":" + line + ": " + key + ": " + message);
    }
}
