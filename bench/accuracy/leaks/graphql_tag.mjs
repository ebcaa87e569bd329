import gqlm from "graphql-tag";

const gql = gqlm.default ?? gqlm;
let k = 0;
export const N = 500;
export const iterate = (n) => {
  for (let i = 0; i < n; i++) gql(`query Q { user(id: ${k++}) { id name } }`);
};
