/** Reading of MUSA's topics by commands, without a group. */
@NullMarked
package dev.musa.app.topics;

import org.jspecify.annotations.NullMarked;
