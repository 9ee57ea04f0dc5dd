package io.osevent.agent;

/** What a token allows. */
enum Role {
    /** To look. */
    VIEWER,
    /** To look and to act. */
    OPERATOR
}
