/** How far the groups that read MUSA's topics are behind. */
@NullMarked
package dev.musa.app.lag;

import org.jspecify.annotations.NullMarked;
