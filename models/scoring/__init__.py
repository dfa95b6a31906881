"""What scores come from, and what people say of them: rules, models, snapshots, reviews."""
