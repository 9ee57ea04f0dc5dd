package io.osevent.agent;

import io.osevent.vertx.libxl.LibxlConnector;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * A host to watch.
 *
 * @param id its name in URLs
 * @param uri libvirt's connection URI, or what stands for this machine's Xen
 * @param readOnly whether to connect read-only
 * @param keepAlive how its daemon is watched
 */
record HostConfig(String id, String uri, boolean readOnly, KeepAlive keepAlive) {

    private static final String LIBXL = "libxl:";

    /** The built-in driver simulates guests in this process: nobody is harmed. */
    boolean isTest() {
        return uri.startsWith("test:");
    }

    /** libxl speaks to this machine's Xen only. */
    boolean isLibxl() {
        return uri.startsWith(LIBXL);
    }

    boolean hasConsoles() {
        return !isTest() && !isLibxl();
    }

    static HostConfig of(String uri, boolean readOnly) {
        return new HostConfig(idOf(uri), check(uri), readOnly, KeepAlive.DEFAULT);
    }

    HostConfig toReadOnly() {
        return new HostConfig(id, uri, true, keepAlive);
    }

    static String check(String uri) {
        if (uri.startsWith(LIBXL) && !uri.equals(LibxlConnector.URI)) {
            throw new IllegalArgumentException(
                    "'" + uri + "' cannot be: libxl speaks to this machine's Xen only, as " + LibxlConnector.URI);
        }
        try {
            if (new URI(uri).getScheme() != null) {
                return uri;
            }
            throw new IllegalArgumentException(
                    "'" + uri + "' is not a libvirt URI: it has no driver, as in qemu:///system or test:///default");
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("'" + uri + "' is not a libvirt URI: " + e.getReason());
        }
    }

    static String checkId(String id) {
        if (!id.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,62}")) {
            throw new IllegalArgumentException(
                    "'" + id + "' is not a host id: letters, digits, dot, hyphen and underscore, 63 at most");
        }
        return id;
    }

    /** Gives each host an id of its own: a second one of the same name gets a number. */
    static List<HostConfig> distinct(List<HostConfig> hosts) {
        Set<String> taken = new HashSet<>();
        return hosts.stream()
                .map(host -> {
                    String id = host.id();
                    for (int i = 2; !taken.add(id); i++) {
                        id = host.id() + "-" + i;
                    }
                    return new HostConfig(id, host.uri(), host.readOnly(), host.keepAlive());
                })
                .toList();
    }

    /** {@code test:///default} becomes {@code test-default}; what follows a question mark is told by a number. */
    private static String idOf(String uri) {
        int query = uri.indexOf('?');
        String plain = query < 0 ? uri : uri.substring(0, query);
        String words =
                plain.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9._]+", "-").replaceAll("^[-._]+|-+$", "");
        String id = words.isEmpty() ? "host" : words.substring(0, Math.min(48, words.length()));
        return query < 0 ? id : id + "-" + Integer.toHexString(uri.hashCode());
    }
}
