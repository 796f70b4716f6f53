/** Why a reply is not taken for one. Each is a way in which two readers could disagree about where a reply ends. */
export type Refusal =
  | 'head too large'
  | 'too many fields'
  | 'malformed status line'
  | 'malformed field'
  | 'malformed content-length'
  | 'several content-lengths'
  | 'unknown transfer-encoding'
  | 'both content-length and transfer-encoding'
  | 'body where none may be'
  | 'interim reply out of place'
  | 'too many interim replies'
  | 'malformed chunk'
  | 'chunk line too long'
  | 'malformed trailer'
  | 'framing in a trailer'
  | 'trailer too large'
  | 'ended too early';
