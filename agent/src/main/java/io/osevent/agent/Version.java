package io.osevent.agent;

/** What is told by {@code --version}. */
final class Version {

    private Version() {}

    static String number() {
        String version = Version.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }

    static String text() {
        return "agent " + number() + " (Vert.x " + io.vertx.core.impl.VertxImpl.version() + ", Java "
                + Runtime.version() + ")";
    }
}
