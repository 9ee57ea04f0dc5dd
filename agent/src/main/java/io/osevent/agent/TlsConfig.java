package io.osevent.agent;

import java.nio.file.Path;

/**
 * The server's identity, as PEM files.
 *
 * @param certificate the certificate, with its chain
 * @param key the private key
 */
record TlsConfig(Path certificate, Path key) {}
