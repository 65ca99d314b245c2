package kaspeer.mempool;

import java.util.Comparator;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Items in order, each with a weight: adding, removing, reweighing, drawing by weight and summing
 * up to an item take a logarithmic number of steps.
 *
 * <p>A treap whose nodes know the weight of all below them. These sums are always added up anew
 * from those of the children, never corrected by a difference: rounding errors do not pile up, and
 * when a huge weight goes, small ones next to it come back exactly.
 */
final class WeightedTree<T> {
  /** An item's place in a tree. */
  static final class Node<T> {
    final T item;
    private final int priority;
    private double weight;
    private double sum;
    private @Nullable Node<T> left;
    private @Nullable Node<T> right;
    private @Nullable Node<T> parent;

    private Node(T item, double weight, int priority) {
      this.item = item;
      this.weight = weight;
      this.sum = weight;
      this.priority = priority;
    }

    private double addUp() {
      return sumOf(left) + weight + sumOf(right);
    }
  }

  private final Comparator<? super T> order;
  private final RandomGenerator random;
  private @Nullable Node<T> root;
  private int size;

  /**
   * @param order of the items, of which no two are equal
   * @param random for the shape of the tree, which must not be foreseeable by those who choose
   *     items
   */
  WeightedTree(Comparator<? super T> order, RandomGenerator random) {
    this.order = order;
    this.random = random;
  }

  int size() {
    return size;
  }

  /** The sum of all weights. */
  double total() {
    return sumOf(root);
  }

  /**
   * @param weight at least 0 and finite
   */
  Node<T> add(T item, double weight) {
    Node<T> node = new Node<>(item, weight, random.nextInt());
    size++;
    Node<T> at = root;
    if (at == null) {
      root = node;
      return node;
    }
    while (true) {
      boolean before = order.compare(item, at.item) < 0;
      Node<T> next = before ? at.left : at.right;
      if (next != null) {
        at = next;
        continue;
      }
      if (before) {
        at.left = node;
      } else {
        at.right = node;
      }
      node.parent = at;
      break;
    }
    for (Node<T> above = node.parent;
        above != null && above.priority < node.priority;
        above = node.parent) {
      lift(node, above);
    }
    refresh(node.parent);
    return node;
  }

  /** Removes a node of this tree. */
  void remove(Node<T> node) {
    size--;
    Node<T> left = node.left;
    Node<T> right = node.right;
    while (left != null && right != null) {
      lift(left.priority > right.priority ? left : right, node);
      left = node.left;
      right = node.right;
    }
    Node<T> above = node.parent;
    replace(above, node, left != null ? left : right);
    node.left = null;
    node.right = null;
    node.parent = null;
    refresh(above);
  }

  /** Changes the weight of a node of this tree; 0 keeps it from being drawn. */
  void setWeight(Node<T> node, double weight) {
    node.weight = weight;
    refresh(node);
  }

  /**
   * Draws a node with a probability in proportion to its weight; null if all weights are 0.
   *
   * @param uniform at least 0 and below 1
   */
  @Nullable Node<T> draw(double uniform) {
    double point = uniform * total();
    Node<T> at = root;
    while (at != null && at.sum > 0) {
      double before = sumOf(at.left);
      double after = sumOf(at.right);
      boolean onlyBefore = at.weight <= 0 && after <= 0;
      // Rounding may put the point past the end of where it belongs: the last positive weight then.
      if (before > 0 && (point < before || onlyBefore)) {
        at = at.left;
      } else if (at.weight > 0 && (point - before < at.weight || after <= 0)) {
        return at;
      } else {
        point -= before + at.weight;
        at = at.right;
      }
    }
    return null;
  }

  /** The sum of the weights of a node and of all before it. */
  double weightThrough(Node<T> node) {
    double sum = sumOf(node.left) + node.weight;
    Node<T> at = node;
    for (Node<T> above = at.parent; above != null; above = at.parent) {
      if (above.right == at) {
        sum += sumOf(above.left) + above.weight;
      }
      at = above;
    }
    return sum;
  }

  /** The node that is last in order, or null. */
  @Nullable Node<T> last() {
    return root == null ? null : rightmost(root);
  }

  /** The node before another, or null. */
  @Nullable Node<T> previous(Node<T> node) {
    if (node.left != null) {
      return rightmost(node.left);
    }
    Node<T> at = node;
    Node<T> above = at.parent;
    while (above != null && above.left == at) {
      at = above;
      above = at.parent;
    }
    return above;
  }

  private static <T> Node<T> rightmost(Node<T> node) {
    Node<T> at = node;
    for (Node<T> next = at.right; next != null; next = at.right) {
      at = next;
    }
    return at;
  }

  /** Turns a node and its parent, so that the node is above. */
  private void lift(Node<T> node, Node<T> above) {
    Node<T> top = above.parent;
    if (above.left == node) {
      above.left = adopted(above, node.right);
      node.right = above;
    } else {
      above.right = adopted(above, node.left);
      node.left = above;
    }
    above.parent = node;
    replace(top, above, node);
    above.sum = above.addUp();
    node.sum = node.addUp();
  }

  private static <T> @Nullable Node<T> adopted(Node<T> parent, @Nullable Node<T> child) {
    if (child != null) {
      child.parent = parent;
    }
    return child;
  }

  private void replace(@Nullable Node<T> parent, Node<T> child, @Nullable Node<T> by) {
    if (parent == null) {
      root = by;
    } else if (parent.left == child) {
      parent.left = by;
    } else {
      parent.right = by;
    }
    if (by != null) {
      by.parent = parent;
    }
  }

  private static <T> void refresh(@Nullable Node<T> lowest) {
    for (Node<T> node = lowest; node != null; node = node.parent) {
      node.sum = node.addUp();
    }
  }

  private static <T> double sumOf(@Nullable Node<T> node) {
    return node == null ? 0 : node.sum;
  }
}
