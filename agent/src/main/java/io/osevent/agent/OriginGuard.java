package io.osevent.agent;

import io.vertx.core.http.HttpServerRequest;
import java.net.InetAddress;
import java.net.URI;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Keeps other sites' pages out. A page of another origin may not write; and a name that an attacker's DNS points at
 * this agent (DNS rebinding) is not one of ours, so only addresses and known names are served.
 */
final class OriginGuard {

    private final Set<String> names = new HashSet<>();

    OriginGuard(String listenHost, Iterable<String> moreNames) {
        names.add("localhost");
        names.add(listenHost.toLowerCase(Locale.ROOT));
        moreNames.forEach(name -> names.add(name.toLowerCase(Locale.ROOT)));
    }

    /** Returns what is wrong with a request, or empty. */
    Optional<Problem> check(HttpServerRequest request) {
        String authority =
                request.authority() == null ? null : request.authority().toString();
        String host = authority == null ? null : hostOf(authority);
        if (host == null || !(isAddress(host) || names.contains(host))) {
            return Optional.of(Problem.of(
                    421,
                    "Not a name of this agent",
                    "the Host header names '" + host + "'; use an address, or list the name under 'names'"));
        }
        return switch (request.method().name()) {
            case "GET", "HEAD", "OPTIONS" -> isWebSocket(request) ? checkOrigin(request, authority) : Optional.empty();
            default -> checkOrigin(request, authority);
        };
    }

    private static boolean isWebSocket(HttpServerRequest request) {
        return "websocket".equalsIgnoreCase(request.getHeader("Upgrade"));
    }

    private static Optional<Problem> checkOrigin(HttpServerRequest request, String authority) {
        String origin = request.getHeader("Origin");
        String site = request.getHeader("Sec-Fetch-Site");
        boolean foreignOrigin = origin != null && !authorityOf(origin).equals(withoutDefaultPort(authority));
        boolean foreignSite = site != null && !site.equals("same-origin") && !site.equals("none");
        if (foreignOrigin || foreignSite) {
            return Optional.of(Problem.of(
                    403,
                    "Cross-origin request refused",
                    "a page of '" + (origin == null ? site : origin) + "' may not act on this agent"));
        }
        return Optional.empty();
    }

    private static String authorityOf(String origin) {
        try {
            String authority = new URI(origin).getAuthority();
            return authority == null ? "" : withoutDefaultPort(authority);
        } catch (java.net.URISyntaxException e) {
            return "";
        }
    }

    private static String withoutDefaultPort(String authority) {
        return authority.toLowerCase(Locale.ROOT).replaceFirst(":(80|443)$", "");
    }

    private static String hostOf(String authority) {
        String lower = authority.toLowerCase(Locale.ROOT);
        if (lower.startsWith("[")) {
            int end = lower.indexOf(']');
            return end < 0 ? lower : lower.substring(1, end);
        }
        int colon = lower.indexOf(':');
        return colon < 0 ? lower : lower.substring(0, colon);
    }

    /** Looks at the form only: a name is never resolved here. */
    private static boolean isAddress(String host) {
        if (host.matches("[0-9]{1,3}(\\.[0-9]{1,3}){3}")) {
            return true;
        }
        if (host.indexOf(':') < 0 || !host.matches("[0-9a-f:.]+")) {
            return false;
        }
        try {
            return InetAddress.getByName(host) != null;
        } catch (java.net.UnknownHostException e) {
            return false;
        }
    }
}
