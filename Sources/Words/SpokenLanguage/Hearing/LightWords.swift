/// Words that say nothing of their own about what is named beside them: an answer may be full of them.
package enum LightWords {
    package static let english: WordSet = [
        "i", "we", "me", "us", "you", "it", "that", "this", "am", "is", "are", "be", "being", "would", "could", "can", "will", "shall",
        "should", "might", "do", "does", "let", "say", "make", "how", "about", "if", "when", "at", "on", "in", "by", "for", "the", "a",
        "an", "my", "our", "any", "some", "sometime", "maybe", "perhaps", "probably", "just", "there", "here", "please", "thanks",
        "thank", "yes", "yeah", "yep", "sure", "okay", "well", "um", "uh", "hmm", "hm", "oh", "right", "great", "perfect", "fine", "good",
        "best", "better", "ideal", "ideally", "preferably", "prefer", "preferred", "suits", "suit", "works", "free", "available", "time",
        "alright", "possible", "possibly", "think", "guess", "suppose", "believe", "like", "want", "look", "see", "calendar",
        "schedule", "again", "back", "call", "ring", "phone", "try", "reach", "catch", "number", "desk", "office", "home", "around",
        "exactly", "sharp", "earliest", "latest", "earlier", "later", "instead", "rather", "not", "no", "or", "either", "both", "too",
        "only", "all", "whole", "anytime", "whenever", "whichever", "whatever", "one", "most", "mostly", "usually", "always", "generally",
        "bit", "little", "after", "before", "until", "between", "from", "to", "through", "till", "of", "convenient", "easiest", "easier",
        "chance", "soonest", "soon", "next", "come", "give", "go", "ahead", "book", "put", "down", "set", "meet", "meeting", "demo",
        "appointment", "slot", "unless", "as", "with", "same", "hope", "hopefully", "honestly", "actually", "sorry", "wait", "mean",
        "what", "open", "anything", "something", "day", "early", "late", "onwards", "onward", "ish", "roughly", "approximately",
        "dot", "latest", "case", "must", "happy", "love", "lovely", "wonderful", "super", "awesome", "cool", "hello", "hi", "still",
        "every", "each", "particular", "definitely", "absolutely", "certainly", "evening", "local", "eastern", "standard", "thing",
        "have", "got", "over", "during", "shortly", "weds", "otherwise", "possibly", "whatsoever", "beyond", "past", "than", "rather", "least", "give", "take", "two", "words",
    ]
}
