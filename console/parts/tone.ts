/** How a state is to be taken: its color and its shape. `busy`: work on it is in progress. */
export type Tone = 'good' | 'warning' | 'bad' | 'neutral' | 'busy';
