package io.osevent.agent;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.DumperOptions.FlowStyle;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * A properties file as the tree that the same configuration in YAML would be: {@code hosts[0].keepalive.interval=5}. Each
 * node knows its line.
 */
final class PropertiesTree {

    private static final Pattern STEP = Pattern.compile("([^.\\[\\]]+)|\\[(\\d{1,4})]|\\.");

    /** A value, or what lies below: under names, or under numbers. */
    private static final class Branch {
        private final int line;
        private final Map<String, Branch> named = new LinkedHashMap<>();
        private final Map<Integer, Branch> numbered = new LinkedHashMap<>();
        private String value;

        private Branch(int line) {
            this.line = line;
        }
    }

    private final Path file;
    private final Branch top = new Branch(1);

    private PropertiesTree(Path file) {
        this.file = file;
    }

    /** Returns null if nothing is set. */
    static Node read(Path file, String text) {
        PropertiesTree tree = new PropertiesTree(file);
        String[] lines = text.split("\\R", -1);
        for (int i = 0; i < lines.length; i++) {
            int first = i + 1;
            StringBuilder logical = new StringBuilder(lines[i]);
            while (isContinued(lines[i]) && !isComment(logical) && i + 1 < lines.length) {
                logical.append('\n').append(lines[++i]);
            }
            tree.add(first, logical.toString());
        }
        return tree.top.named.isEmpty() ? null : tree.node(tree.top, "");
    }

    /** An odd number of backslashes at its end. */
    private static boolean isContinued(String line) {
        int count = 0;
        while (count < line.length() && line.charAt(line.length() - 1 - count) == '\\') {
            count++;
        }
        return count % 2 == 1;
    }

    private static boolean isComment(CharSequence line) {
        String start = line.toString().stripLeading();
        return start.startsWith("#") || start.startsWith("!");
    }

    private void add(int line, String logical) {
        Properties one = new Properties();
        try {
            one.load(new StringReader(logical));
        } catch (IOException | IllegalArgumentException e) {
            throw error(line, "not properties: " + e.getMessage());
        }
        // At most one: separators and escapes are Java's affair.
        one.forEach((key, value) -> set(line, (String) key, ((String) value).strip()));
    }

    private void set(int line, String key, String value) {
        Branch at = top;
        Matcher step = STEP.matcher(key);
        int end = 0;
        boolean afterDot = true;
        while (step.find() && step.start() == end) {
            if (step.group(1) != null && afterDot) {
                at = at.named.computeIfAbsent(step.group(1), ignored -> new Branch(line));
                afterDot = false;
            } else if (step.group(2) != null && !afterDot) {
                at = at.numbered.computeIfAbsent(Integer.valueOf(step.group(2)), ignored -> new Branch(line));
            } else if (step.group().equals(".") && !afterDot) {
                afterDot = true;
            } else {
                break;
            }
            end = step.end();
        }
        if (end != key.length() || afterDot) {
            throw error(line, key + ": a key looks like tls.key or hosts[0].uri");
        }
        if (at.value != null) {
            throw error(line, key + ": given twice");
        }
        at.value = value;
    }

    private Node node(Branch branch, String path) {
        int kinds =
                (branch.value == null ? 0 : 1) + (branch.named.isEmpty() ? 0 : 1) + (branch.numbered.isEmpty() ? 0 : 1);
        if (kinds > 1) {
            throw error(branch.line, path + ": one of a value, a list and a group of keys, not more");
        }
        if (branch.value != null) {
            return scalar(branch.value, branch.line);
        }
        Mark mark = mark(branch.line);
        if (branch.numbered.isEmpty()) {
            List<NodeTuple> tuples = new ArrayList<>();
            branch.named.forEach((name, below) -> tuples.add(
                    new NodeTuple(scalar(name, below.line), node(below, path.isEmpty() ? name : path + "." + name))));
            return new MappingNode(Tag.MAP, true, tuples, mark, mark, FlowStyle.BLOCK);
        }
        List<Node> items = new ArrayList<>();
        for (int i = 0; i < branch.numbered.size(); i++) {
            Branch item = branch.numbered.get(i);
            if (item == null) {
                throw error(branch.line, path + "[" + i + "]: missing; a list counts from 0 without gaps");
            }
            items.add(node(item, path + "[" + i + "]"));
        }
        return new SequenceNode(Tag.SEQ, true, items, mark, mark, FlowStyle.BLOCK);
    }

    private static Node scalar(String text, int line) {
        return new ScalarNode(Tag.STR, text, mark(line), mark(line), ScalarStyle.PLAIN);
    }

    private static Mark mark(int line) {
        return new Mark("", 0, line - 1, 0, new int[0], 0);
    }

    private UserError error(int line, String message) {
        return new UserError(UserError.USAGE, file + ":" + line + ": " + message);
    }
}
