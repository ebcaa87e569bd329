import v from "@vue/reactivity";

const { ref, shallowReactive, effect } = v;
const state = shallowReactive(new Map()),
  cur = ref(0);
let k = 0;
effect(() => state.get(cur.value));
export const N = 5000;
export const iterate = (n) => {
  for (let i = 0; i < n; i++) cur.value = ++k;
};
