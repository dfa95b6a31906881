"""What every operation shares: contracts, inputs, guards, errors, the OpenAPI document."""
