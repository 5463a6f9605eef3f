package dev.musa.app.demo;

/** The six services of the shop, in three namespaces. */
enum Service {
  FRONTEND("frontend", "prod", "nodejs", 2),
  CHECKOUT("checkout", "prod", "java", 2),
  PAYMENT("payment", "prod", "java", 1),
  CATALOG("catalog", "data", "go", 2),
  STOCK("stock", "data", "go", 1),
  PREDICTION("prediction", "rainfall", "python", 1);

  final String label;
  final String namespace;
  final String language;
  final int replicas;

  Service(String label, String namespace, String language, int replicas) {
    this.label = label;
    this.namespace = namespace;
    this.language = language;
    this.replicas = replicas;
  }
}
