"""A corpus for redaction, written without sight of the engine it measures: people, sentences, spans and a score."""
